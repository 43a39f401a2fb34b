namespace Millrace.Messaging.Personalization;

internal enum Op
{
    /// <summary>Writes source[A..A+B].</summary>
    Literal,

    /// <summary>Writes token A at place B.</summary>
    Value,

    /// <summary>Goes to B unless condition A holds.</summary>
    JumpUnless,

    /// <summary>Goes to B.</summary>
    Jump,

    /// <summary>Writes the click URL of link A.</summary>
    Click,

    /// <summary>Writes the open pixel's URL.</summary>
    Open,

    /// <summary>Renders part A: a message variable.</summary>
    Part,
}

internal readonly record struct Step(Op Op, int A, int B);

/// <summary>A compiled template: a flat list of steps over its own source. Immutable; many threads may render it at once.</summary>
internal sealed class TemplateProgram
{
    private readonly string _source;
    private readonly Step[] _steps;
    private readonly Token[] _tokens;
    private readonly Condition[] _conditions;
    private readonly TemplateProgram[] _parts;

    internal TemplateProgram(
        string source, TemplateKind kind, SlotTable slots, Step[] steps, Token[] tokens, Condition[] conditions, TemplateProgram[] parts,
        TemplateProblem[] warnings)
    {
        (_source, _steps, _tokens, _conditions, _parts) = (source, steps, tokens, conditions, parts);
        (Kind, Slots, Warnings) = (kind, slots, warnings);
    }

    public TemplateKind Kind { get; }

    /// <summary>The table given to <see cref="Compile"/>, with the names this program needs added.</summary>
    public SlotTable Slots { get; }

    /// <summary>Unknown tags, which render empty, and what looks like a slip of the pen.</summary>
    public IReadOnlyList<TemplateProblem> Warnings { get; }

    /// <summary>True when every recipient gets the same text.</summary>
    public bool IsConstant => _steps.All(s => s.Op == Op.Literal);

    /// <param name="slots">Shared by the programs of one message; a table of its own when null.</param>
    /// <exception cref="TemplateInvalidException">The template cannot be used; says where and why.</exception>
    public static TemplateProgram Compile(string source, TemplateKind kind, ITagCatalogue known, SlotTable? slots = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(known);
        return new TemplateCompiler(source, kind, known, slots ?? new SlotTable()).Compile();
    }

    /// <summary>The tags this program itself writes that have no text of last resort, by name, with their places.</summary>
    public IEnumerable<(string Name, Token Token)> Unsecured =>
        _tokens.Where(t => t.Slot >= 0 && string.IsNullOrEmpty(t.Fallback)).Select(t => (Slots.Names[t.Slot], t)).Concat(_parts.SelectMany(p => p.Unsecured));

    /// <summary>Appends the text for one recipient to <paramref name="output"/>.</summary>
    public void Render(in RenderContext context, TextBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            switch (step.Op)
            {
                case Op.Literal:
                    output.Append(_source.AsSpan(step.A, step.B));
                    break;
                case Op.Value:
                    _tokens[step.A].Write(context, output, (Place)step.B);
                    break;
                case Op.JumpUnless:
                    i = _conditions[step.A].Holds(context) ? i : step.B - 1;
                    break;
                case Op.Jump:
                    i = step.B - 1;
                    break;
                case Op.Part:
                    _parts[step.A].Render(context, output);
                    break;
                case Op.Click:
                    context.Tracking?.WriteClick(step.A, output);
                    break;
                default:
                    context.Tracking?.WriteOpen(output);
                    break;
            }
        }
    }

    /// <summary>The text for one recipient as a string: for headers and previews.</summary>
    public string Render(in RenderContext context)
    {
        using var output = new TextBuffer();
        Render(context, output);
        return output.ToString();
    }
}
