export { MessageDesignerPage } from './MessageDesignerPage';
export { StepDesignerPage } from './StepDesignerPage';
