using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Personalization;

/// <summary>Turns template source into a <see cref="TemplateProgram"/>. One use per instance.</summary>
/// <param name="urlPrefix">What stands before the source in the link it is a part of.</param>
/// <param name="within">The message variables that this source stands in, outermost first.</param>
internal sealed class TemplateCompiler(
    string source, TemplateKind kind, ITagCatalogue known, SlotTable slots, string urlPrefix = "", IReadOnlyList<string>? within = null,
    TemplateCompiler.Budget? shared = null) : IConditionNames
{
    private const int MaxNodes = 5000;
    private const int MaxDepth = 10;
    private const int MaxVariableDepth = 5;
    private const int MaxWarnings = 200;

    private readonly List<TemplateProgram> _parts = [];

    private readonly List<Step> _steps = [];
    private readonly List<Token> _tokens = [];
    private readonly List<Condition> _conditions = [];
    private readonly List<TemplateProblem> _warnings = [];
    private readonly Stack<Block> _blocks = [];
    private HtmlPosition _position = HtmlPosition.Start;
    private int _written;
    private readonly Budget _budget = shared ?? new();

    /// <summary>How much has been read already, of the template and of the variables in it together.</summary>
    internal sealed class Budget
    {
        public int Nodes { get; set; }
    }

    /// <summary>An open <c>%IF%</c>.</summary>
    private sealed class Block(int at, HtmlPosition start)
    {
        public int At { get; } = at;
        public HtmlPosition Start { get; } = start;
        public List<int> Exits { get; } = [];
        public int PendingSkip { get; set; }
        public bool HasElse { get; set; }
    }

    public TemplateProgram Compile()
    {
        if (kind == TemplateKind.Header && source.AsSpan().IndexOfAnyInRange('\0', '\u001F') is >= 0 and var control)
        {
            throw Invalid("header_invalid", control, "A header is one line without control characters.");
        }

        var at = 0;
        while ((at = source.IndexOf('%', at)) >= 0)
        {
            var next = TryRead(at);
            at = next > at ? next : at + 1;
        }

        if (_blocks.TryPeek(out var open))
        {
            throw Invalid("template_invalid", open.At, "This %IF% has no %/IF%.");
        }

        WriteLiteral(source.Length, source.Length);
        FindNearMisses();
        return new(source, kind, slots, [.. _steps], [.. _tokens], [.. _conditions], [.. _parts], [.. _warnings]);
    }

    int IConditionNames.Trees => slots.Trees;

    TagDefinition? IConditionNames.Find(string name) => known.Find(name);

    void IConditionNames.UseTags() => slots.UsesTags = true;

    void IConditionNames.UseLists() => slots.UsesLists = true;

    int IConditionNames.SlotOf(string name, int at)
    {
        if (known.Find(name) is null)
        {
            Warn("unknown_tag", at, $"%{name}% is not a tag; the condition sees it empty.{Meant(name)}");
        }

        return slots.SlotOf(name);
    }

    /// <summary>Reads one token; answers where it ends, or 0 when the percent sign is plain text.</summary>
    private int TryRead(int at)
    {
        if (TokenSyntax.Opening().Match(source, at) is { Success: true } opening)
        {
            var start = at + opening.Length;
            var end = TokenSyntax.ConditionEnd(source, start);
            if (end < 0)
            {
                throw Invalid("template_invalid", at, "The condition is not closed by a percent sign.");
            }

            WriteLiteral(at, end + 1);
            if (opening.Groups["word"].ValueSpan is "IF")
            {
                OpenBlock(at);
            }
            else
            {
                NextBranch(at, isElse: false);
            }

            Test(at, start, source[start..end]);
            return end + 1;
        }

        if (Word(at, "%ELSE%"))
        {
            WriteLiteral(at, at + 6);
            NextBranch(at, isElse: true);
            return at + 6;
        }

        if (Word(at, "%/IF%"))
        {
            WriteLiteral(at, at + 5);
            CloseBlock(at);
            return at + 5;
        }

        return TokenSyntax.Tag().Match(source, at) is { Success: true } tag ? ReadTag(at, tag) : 0;
    }

    private int ReadTag(int at, Match match)
    {
        var position = _position;
        position.Move(source, _written, at);
        var (name, shift) = TokenSyntax.Split(match.Groups["name"].Value, match.Groups["shift"].Value, known);
        var inUrl = kind == TemplateKind.Url || position.IsUrl;
        if (name.Length == 2 && char.IsAsciiHexDigit(name[0]) && char.IsAsciiHexDigit(name[1]) && (inUrl || known.Find(name) is null))
        {
            return 0; // a URL escape such as %C3%A9
        }

        var definition = known.Find(name);
        if (definition is null && position.IsCode)
        {
            return 0;
        }

        var end = at + match.Length;
        if (name is "UNSUBSCRIBELINK" && AllSuffix(end) is > 0 and var suffix)
        {
            definition = known.Find("UNSUBSCRIBELINK&ALL");
            end += suffix;
        }

        _position = position;
        WriteText(at, end);
        Count(at);
        if (TryPlaceholder(name))
        {
            return end;
        }

        if (known.Variable(name) is { } variable)
        {
            return Insert(at, end, variable);
        }

        if (definition is null)
        {
            Warn("unknown_tag", at, $"%{name}% is not a tag; it will be empty.{Meant(name)}");
        }

        var place = PlaceOf(at, definition);
        var token = ReadToken(at, definition, shift, match.Groups["rest"].Value);
        _steps.Add(new(Op.Value, _tokens.Count, (int)place));
        _tokens.Add(token);
        return end;
    }

    /// <summary>A message variable becomes a program of its own, encoded for the place it stands in.</summary>
    private int Insert(int at, int end, MessageVariable variable)
    {
        var around = within ?? [];
        if (around.Contains(variable.Tag, StringComparer.Ordinal) || around.Count >= MaxVariableDepth)
        {
            throw Invalid("template_invalid", at, $"The message variable %{variable.Tag}% stands within itself, or more than {MaxVariableDepth} deep.");
        }

        var (partKind, text, prefix) = VariableAt(at, variable);
        var part = new TemplateCompiler(text, partKind, known, slots, prefix, [.. around, variable.Tag], _budget);
        try
        {
            _steps.Add(new(Op.Part, _parts.Count, 0));
            var program = part.Compile();
            _parts.Add(program);
            foreach (var warning in program.Warnings)
            {
                Warn(warning.Code, at, $"In the message variable %{variable.Tag}%: {warning.Message}");
            }
        }
        catch (TemplateInvalidException e)
        {
            throw Invalid(e.Problem.Code, at, $"In the message variable %{variable.Tag}%: {e.Problem.Message}");
        }

        return end;
    }

    private (TemplateKind Kind, string Text, string Prefix) VariableAt(int at, MessageVariable variable)
    {
        var content = variable.Content;
        if (kind == TemplateKind.Html && !_position.IsUrl)
        {
            // Checked as any value's place is; the tags inside are encoded as those of a text.
            return PlaceOf(at, null) == Place.HtmlText
                ? (TemplateKind.Html, WebUtility.HtmlEncode(content).ReplaceLineEndings("<br>"), "")
                : (TemplateKind.Html, WebUtility.HtmlEncode(content).ReplaceLineEndings(" "), "");
        }

        if (kind == TemplateKind.Url || kind == TemplateKind.Html)
        {
            var before = kind == TemplateKind.Url ? UrlBefore(at) : _position.Value;
            if (string.IsNullOrWhiteSpace(before))
            {
                // The account's own text may be a whole link.
                return Links.LinkTarget.IsAllowed(TokenSyntax.Sample(content))
                    ? (TemplateKind.Url, kind == TemplateKind.Html ? WebUtility.HtmlEncode(content) : content, "")
                    : throw Invalid("link_invalid", at, $"The message variable %{variable.Tag}% is no web, mail or phone address.");
            }

            return UrlPrefix.IsFixed(before)
                ? (TemplateKind.Url, TokenSyntax.EscapeAround(content), before)
                : throw Invalid("link_invalid", at, "A tag cannot be the scheme, the host or the port of a link.");
        }

        return (kind, kind == TemplateKind.Header ? content.ReplaceLineEndings(" ") : content, "");
    }

    /// <summary>What was probably meant as a tag but is plain text: said, so that nobody receives it.</summary>
    private void FindNearMisses()
    {
        foreach (var step in _steps.Where(s => s.Op == Op.Literal))
        {
            for (var miss = TokenSyntax.NearMiss().Match(source, step.A, step.B); miss.Success; miss = miss.NextMatch())
            {
                var isOpen = miss.Groups["open"].Success;
                var name = miss.Groups[isOpen ? "open" : "name"].Value;
                var written = name.Trim().ToUpperInvariant().Replace(' ', '_').Replace('.', '_');
                if ((known.Find(written) ?? known.Find(written.Replace("_", "", StringComparison.Ordinal))) is { } meant)
                {
                    Warn(
                        isOpen ? "tag_not_closed" : "tag_misspelt", miss.Index,
                        isOpen ? $"%{name} lacks its second percent sign." : $"{miss.Value} is plain text. The tag is written %{meant.Name}%.");
                }
            }
        }
    }

    private string Meant(string name) => NameSuggestion.For(name, known.Names) is { } meant ? $" Did you mean %{meant}%?" : "";

    private void Warn(string code, int at, string message)
    {
        if (_warnings.Count < MaxWarnings)
        {
            _warnings.Add(Problem(code, at, message));
        }
    }

    private bool TryPlaceholder(string name)
    {
        if (name is "OPENPIXEL")
        {
            _steps.Add(new(Op.Open, 0, 0));
            return true;
        }

        if (name.StartsWith("LINK:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var linkNo))
        {
            _steps.Add(new(Op.Click, linkNo, 0));
            return true;
        }

        return false;
    }

    private Token ReadToken(int at, TagDefinition? definition, string shift, string rest)
    {
        string? fallback = null;
        var letterCase = LetterCase.AsIs;
        string? format = null;
        foreach (var word in rest.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Letters.Named(word) is { } named)
            {
                letterCase = named;
            }
            else if (definition?.Type == TagType.Date && DateTerm.FormatOf(word) is { } known)
            {
                format = known;
            }
            else
            {
                fallback = kind == TemplateKind.Html ? WebUtility.HtmlDecode(word) : word;
            }
        }

        if (shift.Length > 0 && definition is { Type: not TagType.Date })
        {
            throw Invalid("template_invalid", at, $"%{definition.Name}% is no date, so nothing can be added to it.");
        }

        var (days, months) = TokenSyntax.Sum(shift);
        return new(
            definition is null ? -1 : slots.SlotOf(definition.Name),
            fallback ?? definition?.Default,
            letterCase,
            definition?.Type == TagType.Date ? new(days, months, format ?? DateTerm.DefaultFormat) : null,
            definition?.Type == TagType.MultiLine);
    }

    private Place PlaceOf(int at, TagDefinition? definition) => kind switch
    {
        TemplateKind.Text => Place.Raw,
        TemplateKind.Header => Place.Header,
        TemplateKind.Url => UrlPlace(at, UrlBefore(at), definition),
        _ => _position.At switch
        {
            _ when _position.IsCode => throw Invalid("template_invalid", at, "A tag cannot stand in style or script."),
            HtmlPosition.Spot.Text or HtmlPosition.Spot.Comment => Place.HtmlText,
            HtmlPosition.Spot.Value when _position.Quote == '\0' => throw Invalid("template_invalid", at, "Put quotes around the attribute."),
            HtmlPosition.Spot.Value when _position.IsUrl => UrlPlace(at, _position.Value, definition),
            HtmlPosition.Spot.Value => Place.HtmlAttribute,
            _ => throw Invalid("template_invalid", at, "A tag cannot stand inside an HTML tag, only in its text or attributes."),
        },
    };

    /// <summary>What of the link stands before a place, as far as it decides: all of it for each tag would take the square of the link's length.</summary>
    private string UrlBefore(int at) => urlPrefix + source[..Math.Min(at, HtmlPosition.MaxPrefix)];

    private Place UrlPlace(int at, string prefix, TagDefinition? definition)
    {
        if (string.IsNullOrWhiteSpace(prefix) && definition is null or { Type: TagType.Link })
        {
            return kind == TemplateKind.Html ? Place.HtmlAttribute : Place.WholeUrl;
        }

        return UrlPrefix.IsFixed(prefix)
            ? Place.UrlPart
            : throw Invalid("link_invalid", at, "A tag cannot be the scheme, the host or the port of a link.");
    }

    private void OpenBlock(int at)
    {
        if (_blocks.Count == MaxDepth)
        {
            throw Invalid("template_invalid", at, "Conditions are nested more than 10 deep.");
        }

        if (kind == TemplateKind.Url || _position.IsUrl)
        {
            throw Invalid("template_invalid", at, "A link cannot hold a condition; put the condition around it.");
        }

        _blocks.Push(new(at, _position));
    }

    private void NextBranch(int at, bool isElse)
    {
        var block = CheckBlock(at);
        if (block.HasElse)
        {
            throw Invalid("template_invalid", at, "Nothing but %/IF% can follow %ELSE%.");
        }

        block.HasElse = isElse;
        block.Exits.Add(_steps.Count);
        _steps.Add(default);
        PatchSkip(block);
    }

    private void CloseBlock(int at)
    {
        var block = CheckBlock(at);
        PatchSkip(block);
        foreach (var exit in block.Exits)
        {
            _steps[exit] = new(Op.Jump, 0, _steps.Count);
        }

        _blocks.Pop();
    }

    private Block CheckBlock(int at)
    {
        if (!_blocks.TryPeek(out var block))
        {
            throw Invalid("template_invalid", at, "There is no open %IF% here.");
        }

        if (kind == TemplateKind.Html && !block.Start.Matches(_position))
        {
            throw Invalid("template_invalid", at, "A condition must begin and end at the same place of the HTML.");
        }

        return block;
    }

    private void PatchSkip(Block block)
    {
        if (block.PendingSkip >= 0)
        {
            _steps[block.PendingSkip] = _steps[block.PendingSkip] with { B = _steps.Count };
            block.PendingSkip = -1;
        }
    }

    private void Test(int at, int from, string expression)
    {
        var text = kind == TemplateKind.Html ? WebUtility.HtmlDecode(expression) : expression;

        // Where nothing had to be decoded, the very character can be named.
        var exact = string.Equals(text, expression, StringComparison.Ordinal);
        var parser = new ConditionParser(text, new At(this, exact ? from : -1, at), (code, offset, message) => Invalid(code, exact ? from + offset : at, message));
        _conditions.Add(parser.Parse());
        _budget.Nodes += parser.Nodes;
        Count(at);
        _blocks.Peek().PendingSkip = _steps.Count;
        _steps.Add(new(Op.JumpUnless, _conditions.Count - 1, 0));
    }

    /// <summary>Names of a condition, whose places count from its beginning.</summary>
    private sealed class At(IConditionNames names, int from, int token) : IConditionNames
    {
        public int Trees => names.Trees;

        public int SlotOf(string name, int at) => names.SlotOf(name, from < 0 ? token : from + at);

        public TagDefinition? Find(string name) => names.Find(name);

        public void UseTags() => names.UseTags();

        public void UseLists() => names.UseLists();
    }

    /// <summary>Writes what stands before a directive and follows the HTML over it.</summary>
    private void WriteLiteral(int to, int next)
    {
        _position.Move(source, _written, to);
        WriteText(to, next);
    }

    private void WriteText(int to, int next)
    {
        if (to > _written)
        {
            _steps.Add(new(Op.Literal, _written, to - _written));
        }

        _written = next;
    }

    private void Count(int at)
    {
        if (++_budget.Nodes > MaxNodes)
        {
            throw Invalid("template_invalid", at, "The template has more than 5,000 tags and conditions.");
        }
    }

    private bool Word(int at, string word) => string.CompareOrdinal(source, at, word, 0, word.Length) == 0;

    private int AllSuffix(int at) => Word(at, "&ALL") ? 4 : Word(at, "&amp;ALL") ? 8 : 0;

    private TemplateInvalidException Invalid(string code, int at, string message) => new(Problem(code, at, message));

    private TemplateProblem Problem(string code, int at, string message)
    {
        var before = source.AsSpan(0, at);
        return new(code, before.Count('\n') + 1, at - before.LastIndexOf('\n'), message);
    }
}
