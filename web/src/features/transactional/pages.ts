export { ServerPage } from './ServerPage';
export { ServersPage } from './ServersPage';
export { TemplatePage } from './templates/TemplatePage';
