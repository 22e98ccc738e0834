import { join } from 'node:path';
import * as ts from 'typescript';
import { typeHeading } from './fields';
import { Places } from './links';
import { chapter, paragraphs, section, slug, tableOf } from './markdown';
import { CLIENT_PAGE, writtenPages } from './pages';
import { answerTypes } from './types';

const ROOT = join(__dirname, '../../client');
const ORIGIN = '<!-- Written by `npm run docs` from the docstrings of client/src. Edit those, not this. -->';
const INTRODUCTION = `# Client SDK

Every class, function and type that the package \`egg-im-client\` exports; how a program uses them, its README shows by examples. Types of
the protocol, such as ${link('Message', typeHeading('Message'))}, are those of the [reference](/reference/README.md).`;
/** What a program imports, by the file that declares it. */
const MODULES: Readonly<Record<string, string>> = {
  'egg-im-client': 'dist/esm/index.d.ts',
  'egg-im-client/mini-program': 'dist/esm/mini_program.d.ts',
  'egg-im-client/sqlite': 'dist/esm/store/sqlite.d.ts',
};

interface Export {
  /** the name of the module */
  readonly from: string;
  readonly name: string;
  readonly node: ts.Declaration;
  readonly about: string;
}

/** The reference of the client package, which has to be compiled, as Markdown. */
export function clientReference(): string {
  return new Reference().page();
}

/** A link that `Places` completes. */
function link(text: string, heading: string): string {
  return `[${text}](#${slug(heading)})`;
}

class Reference {
  private readonly checker: ts.TypeChecker;
  private readonly printer = ts.createPrinter({ removeComments: true });
  private readonly exports: readonly Export[];
  /** Headings of what can be led to, by name. */
  private readonly headings: ReadonlyMap<string, string>;

  constructor() {
    const files = Object.values(MODULES).map(file => join(ROOT, file));
    const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, types: [] });
    this.checker = program.getTypeChecker();
    this.exports = Object.entries(MODULES).flatMap(([from, file]) =>
      this.exportsOf(from, program.getSourceFile(join(ROOT, file))!),
    );
    this.headings = new Map([
      ...[...answerTypes.keys()].map((name): [string, string] => [name, typeHeading(name)]),
      ...this.exports.map((each): [string, string] => [each.name, headingOf(each)]),
    ]);
  }

  page(): string {
    const classes = this.exports.filter(({ node }) => ts.isClassDeclaration(node));
    const functions = this.exports.filter(
      ({ node }) => ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node),
    );
    const types = this.exports.filter(each => !classes.includes(each) && !functions.includes(each));
    const draft = paragraphs(
      INTRODUCTION,
      ...classes.map(each => this.classChapter(each)),
      chapter(
        'Functions',
        functions.map(each => section(headingOf(each), this.code(each.node), each.about, importOf(each))),
      ),
      chapter(
        'Types',
        types.map(each => section(headingOf(each), each.about, this.shapeOf(each.node), importOf(each))),
      ),
    );
    const drafts = writtenPages.map(({ path, markdown }): [string, string] => [path, markdown]);
    const places = new Places(new Map([...drafts, [CLIENT_PAGE, draft]]));
    return `${ORIGIN}\n\n${places.linked(CLIENT_PAGE, draft)}\n`;
  }

  /** Everything but the protocol, which has a reference of its own. */
  private exportsOf(from: string, file: ts.SourceFile): Export[] {
    const symbols = this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(file)!);
    return symbols.flatMap(symbol => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const [node] = (isAlias ? this.checker.getAliasedSymbol(symbol) : symbol).declarations!;
      if (node.getSourceFile().fileName.endsWith('/protocol.d.ts')) return [];
      return [{ from, name: symbol.name, node, about: this.aboutOf(node) }];
    });
  }

  private classChapter({ name, node, about }: Export): string {
    const members = (node as ts.ClassDeclaration).members.filter(isPublic);
    const [made, others] = [members.filter(ts.isConstructorDeclaration), members.filter(each => each.name)];
    return paragraphs(
      `## ${headingOf({ name, node })}`,
      about,
      ...made.map(each => this.code(each)),
      ...others.map(each =>
        section(`\`${name}.${each.name!.getText()}\``, this.code(each), this.aboutOf(each), this.typesIn(each)),
      ),
    );
  }

  /** The members of an interface, or what a type stands for. */
  private shapeOf(node: ts.Declaration): string {
    if (!ts.isInterfaceDeclaration(node)) return paragraphs(this.code(node), this.typesIn(node));
    const bases = (node.heritageClauses ?? []).map(each => `With all that \`${each.types[0].getText()}\` has:`);
    const rows = node.members.map(each => [`\`${this.textOf(each).replace(/^readonly /, '')}\``, this.aboutOf(each)]);
    return paragraphs(...bases, tableOf(['member', 'about'], rows), this.typesIn(node));
  }

  private code(node: ts.Declaration): string {
    return ['```ts', this.textOf(node), '```'].join('\n');
  }

  /** A declaration as who uses it needs it, in one line. */
  private textOf(node: ts.Declaration): string {
    const text = this.printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
    const name = ts.isConstructorDeclaration(node) ? `new ${node.parent.name?.text}` : 'constructor';
    const plain = text.replace(/^constructor/, name).replace(/^export (declare )?/, '');
    return plain.replace(/;$/, '').replace(/\s+/g, ' ');
  }

  /** The docstring of a declaration, or of what it implements. Throws when there is none. */
  private aboutOf(node: ts.Declaration): string {
    const symbol = this.checker.getSymbolAtLocation(ts.getNameOfDeclaration(node) ?? node);
    const about = ts.displayPartsToString(symbol?.getDocumentationComment(this.checker));
    if (about) return about.replace(/\s*\n\s*/g, ' ');
    // The name of a field may say all.
    if (ts.isTypeElement(node) || ts.isPropertyDeclaration(node)) return '';
    throw new Error(`${node.getSourceFile().fileName}: ${this.textOf(node)} has no docstring`);
  }

  /** Leads to the types that a declaration names. */
  private typesIn(node: ts.Node): string {
    const names = new Set<string>();
    const visit = (each: ts.Node) => {
      if (ts.isTypeReferenceNode(each) && this.headings.has(each.typeName.getText()))
        names.add(each.typeName.getText());
      ts.forEachChild(each, visit);
    };
    ts.forEachChild(node, visit);
    return [...names].map(name => link(name, this.headings.get(name)!)).join(', ');
  }
}

function headingOf({ name, node }: Pick<Export, 'name' | 'node'>): string {
  if (ts.isClassDeclaration(node)) return `Class \`${name}\``;
  return ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) ? `Function \`${name}\`` : typeHeading(name);
}

function importOf({ from }: Export): string {
  return from === 'egg-im-client' ? '' : `From \`${from}\`.`;
}

function isPublic(member: ts.ClassElement): boolean {
  const flags = ts.getCombinedModifierFlags(member);
  return (flags & ts.ModifierFlags.Private) === 0 && !(member.name && ts.isPrivateIdentifier(member.name));
}
