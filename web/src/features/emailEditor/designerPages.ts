export { MessageDesignerPage } from './MessageDesignerPage';
export { StepDesignerPage } from './StepDesignerPage';
export { TemplateDesignerPage } from './TemplateDesignerPage';
