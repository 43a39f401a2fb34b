/** As the server writes them, so that the canvas looks like the mail. */
const stacks: Record<string, string> = {
  system: "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  arial: 'Arial,Helvetica,sans-serif',
  tahoma: 'Tahoma,Verdana,Segoe,sans-serif',
  trebuchet: "'Trebuchet MS','Lucida Grande','Lucida Sans Unicode',Tahoma,sans-serif",
  georgia: "Georgia,'Times New Roman',serif",
  times: "'Times New Roman',Times,serif",
  palatino: "'Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif",
  verdana: 'Verdana,Geneva,sans-serif',
  courier: "'Courier New',Courier,monospace",
};

export const fonts = Object.keys(stacks);
export const stackOf = (font: string) => stacks[font] ?? stacks['system'];
