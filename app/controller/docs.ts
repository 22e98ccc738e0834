import { Controller } from 'egg';
import { asyncapi } from '../documents/asyncapi';
import { openapi } from '../documents/openapi';
import { htmlPages, searchJson } from '../documents/site';
import { AppError } from '../schema/errors';

// Made once, as the service starts: the schemas do not change while it runs.
const pages = htmlPages();
const searchIndex = searchJson();
const openapiJson = JSON.stringify(openapi());
const asyncapiJson = JSON.stringify(asyncapi());

/** What a developer of a client reads. */
export default class DocsController extends Controller {
  page(): void {
    const page = pages.get(this.ctx.path.replace(/\/$/, ''));
    if (!page) throw new AppError('NOT_FOUND');
    this.ctx.body = page;
  }

  search(): void {
    this.json(searchIndex);
  }

  openapi(): void {
    this.json(openapiJson);
  }

  asyncapi(): void {
    this.json(asyncapiJson);
  }

  private json(text: string): void {
    this.ctx.type = 'json';
    this.ctx.body = text;
  }
}
