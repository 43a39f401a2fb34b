using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Personalization;

/// <summary>Turns template source into a <see cref="TemplateProgram"/>. One use per instance.</summary>
internal sealed class TemplateCompiler(string source, TemplateKind kind, ITagCatalogue known, SlotTable slots)
{
    private const int MaxNodes = 5000;
    private const int MaxDepth = 10;

    private readonly List<Step> _steps = [];
    private readonly List<Token> _tokens = [];
    private readonly List<Condition> _conditions = [];
    private readonly List<TemplateProblem> _warnings = [];
    private readonly Stack<Block> _blocks = [];
    private HtmlPosition _position = HtmlPosition.Start;
    private int _written;
    private int _nodes;

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
        return new(source, kind, slots, [.. _steps], [.. _tokens], [.. _conditions], [.. _warnings]);
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

            Test(at, source[start..end]);
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

        if (definition is null)
        {
            _warnings.Add(Problem("unknown_tag", at, $"%{name}% is not a tag; it will be empty."));
        }

        var place = PlaceOf(at, definition);
        var token = ReadToken(at, definition, shift, match.Groups["rest"].Value);
        _steps.Add(new(Op.Value, _tokens.Count, (int)place));
        _tokens.Add(token);
        return end;
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
        TemplateKind.Url => UrlPlace(at, source[..at], definition),
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

    private void Test(int at, string expression)
    {
        var parser = new ConditionParser(
            kind == TemplateKind.Html ? WebUtility.HtmlDecode(expression) : expression,
            name =>
            {
                if (known.Find(name) is null)
                {
                    _warnings.Add(Problem("unknown_tag", at, $"%{name}% is not a tag; the condition sees it empty."));
                }

                return slots.SlotOf(name);
            },
            (code, message) => Invalid(code, at, message));
        _conditions.Add(parser.Parse());
        _nodes += parser.Nodes;
        Count(at);
        _blocks.Peek().PendingSkip = _steps.Count;
        _steps.Add(new(Op.JumpUnless, _conditions.Count - 1, 0));
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
        if (++_nodes > MaxNodes)
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
