import type { components } from '@/api/schema';

export type ReportView = components['schemas']['ReportView'];
export type ReportAnswer = components['schemas']['ReportAnswer'];
export type ReportColumn = components['schemas']['ReportColumn'];
export type ReportRow = components['schemas']['ReportRow'];
export type ReportFigure = components['schemas']['ReportFigure'];
export type ReportUnit = ReportColumn['unit'];
