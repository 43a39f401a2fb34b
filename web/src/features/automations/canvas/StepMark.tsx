import { createElement } from 'react';
import type { StepDescription } from '../model/catalogue';
import classes from './canvas.module.css';
import { iconOf, tintOf } from './icons';

/** The tinted icon of a step type. */
export const StepMark = ({ description, size = 18 }: { description: StepDescription | undefined; size?: number }) => (
  <span className={classes.mark} data-tint={tintOf(description)}>
    {createElement(iconOf(description), { size, stroke: 1.8, 'aria-hidden': true })}
  </span>
);
