import { Controller } from 'egg';
import { asyncapi } from '../documents/asyncapi';
import { openapi } from '../documents/openapi';
import { page } from '../documents/page';
import { pages } from '../documents/pages';

// Made once, as the service starts: the schemas do not change while it runs.
const protocolPage = page(pages[0].markdown);
const openapiJson = JSON.stringify(openapi());
const asyncapiJson = JSON.stringify(asyncapi());

/** What a developer of a client reads. */
export default class DocsController extends Controller {
  protocol(): void {
    this.ctx.type = 'html';
    this.ctx.body = protocolPage;
  }

  openapi(): void {
    this.ctx.type = 'json';
    this.ctx.body = openapiJson;
  }

  asyncapi(): void {
    this.ctx.type = 'json';
    this.ctx.body = asyncapiJson;
  }
}
