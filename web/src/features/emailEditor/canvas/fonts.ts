/** As the server writes them, so that the canvas looks like the mail. */
const stacks: Record<string, string> = {
  system: "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  arial: 'Arial,Helvetica,sans-serif',
  georgia: "Georgia,'Times New Roman',serif",
  verdana: 'Verdana,Geneva,sans-serif',
  courier: "'Courier New',Courier,monospace",
};

export const fonts = Object.keys(stacks);
export const stackOf = (font: string) => stacks[font] ?? stacks['system'];
