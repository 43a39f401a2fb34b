export { MessageDesignerPage } from './MessageDesignerPage';
export { StepDesignerPage } from './StepDesignerPage';
export { PartDesignerPage } from './PartDesignerPage';
export { TemplateDesignerPage } from './TemplateDesignerPage';
