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
}

internal readonly record struct Step(Op Op, int A, int B);

/// <summary>A compiled template: a flat list of steps over its own source. Immutable; many threads may render it at once.</summary>
internal sealed class TemplateProgram
{
    private readonly string _source;
    private readonly Step[] _steps;
    private readonly Token[] _tokens;
    private readonly Condition[] _conditions;

    internal TemplateProgram(
        string source, TemplateKind kind, SlotTable slots, Step[] steps, Token[] tokens, Condition[] conditions, TemplateProblem[] warnings)
    {
        (_source, _steps, _tokens, _conditions) = (source, steps, tokens, conditions);
        (Kind, Slots, Warnings) = (kind, slots, warnings);
    }

    public TemplateKind Kind { get; }

    /// <summary>The table given to <see cref="Compile"/>, with the names this program needs added.</summary>
    public SlotTable Slots { get; }

    /// <summary>Unknown tags, which render empty.</summary>
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
