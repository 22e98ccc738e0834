import './lowest_priority';
import { AppError } from '../../../schema/errors';
import { describeFile } from './describe';
import type { Answer, Question } from './protocol';

/*
 * The process in which files are looked at: what a picture takes of processor and memory, and what it may break, is not the worker's.
 */
process.on('message', (question: Question) => {
  void answerTo(question).then(answer => process.send?.(answer));
});

// The worker has gone, or needs it no more.
process.once('disconnect', () => process.exit());

async function answerTo({ path, pixels }: Question): Promise<Answer> {
  try {
    return { described: await describeFile(path, pixels) };
  } catch (error) {
    if (error instanceof AppError) return { refusal: error.code, details: error.details };
    const { message, code } = error as NodeJS.ErrnoException;
    return { message, code };
  }
}
