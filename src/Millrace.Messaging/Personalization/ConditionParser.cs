using System.Globalization;

namespace Millrace.Messaging.Personalization;

/// <summary>What a condition may ask of the template it stands in.</summary>
internal interface IConditionNames
{
    /// <summary>The slot of a field; unknown ones are reported and empty.</summary>
    int SlotOf(string name, int at);

    TagDefinition? Find(string name);

    /// <summary>How many condition trees there are: <c>SHOW:n</c>.</summary>
    int Trees { get; }

    void UseTags();

    void UseLists();
}

/// <summary>
/// Reads <c>in_array('tag', tags)</c>, <c>FIELD == 'text'</c>, <c>FIELD &gt; 3</c>, <c>BIRTHDAY &lt; TODAY-18Y</c>, <c>FIELD</c>, joined by
/// <c>&amp;&amp; || !</c> and parentheses. A field may be written <c>FIELD</c>, <c>$FIELD</c> or <c>%FIELD%</c>.
/// </summary>
/// <param name="fail">Makes the problem: code, where in the text, message.</param>
internal ref struct ConditionParser(string text, IConditionNames names, Func<string, int, string, TemplateInvalidException> fail)
{
    private const int MaxDepth = 10;
    private static readonly string[] Words = ["in_array", "tags", "lists"];
    private int _at;
    private int _depth;

    /// <summary>Operands and operators read, for the limit on a template's size.</summary>
    public int Nodes { get; private set; }

    public Condition Parse()
    {
        var condition = ParseOr();
        SkipSpace();
        return _at == text.Length ? condition : throw fail("template_invalid", _at, Unexpected());
    }

    private readonly string Unexpected() => text[_at] switch
    {
        '&' => "Unexpected '&' in the condition: and is written &&.",
        '|' => "Unexpected '|' in the condition: or is written ||.",
        var c when char.IsAsciiLetterLower(c) && Word(_at) is "and" or "AND" => "Unexpected 'and' in the condition: and is written &&.",
        var c when char.IsAsciiLetterLower(c) && Word(_at) is "or" or "OR" => "Unexpected 'or' in the condition: or is written ||.",
        var c => $"Unexpected '{c}' in the condition.",
    };

    private readonly string Word(int from)
    {
        var end = from;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return text[from..end];
    }

    private Condition ParseOr()
    {
        var left = ParseAnd();
        while (Take("||"))
        {
            left = new Condition.Or(left, ParseAnd());
        }

        return left;
    }

    private Condition ParseAnd()
    {
        var left = ParseNot();
        while (Take("&&"))
        {
            left = new Condition.And(left, ParseNot());
        }

        return left;
    }

    private Condition ParseNot()
    {
        if (++_depth > MaxDepth)
        {
            throw fail("template_invalid", _at, "The condition is nested more than 10 deep.");
        }

        Nodes++;
        Condition condition;
        if (!Peek("!=") && Take("!"))
        {
            condition = new Condition.Not(ParseNot());
        }
        else if (Take("("))
        {
            condition = ParseOr();
            Expect(")");
        }
        else
        {
            condition = ParseComparison();
        }

        _depth--;
        return condition;
    }

    private Condition ParseComparison()
    {
        if (Take("in_array"))
        {
            return ParseMembership();
        }

        if (Take("SHOW:"))
        {
            return ParseTree();
        }

        var left = ParseOperand();
        var comparison = Take("==") || (!Peek("=>") && !Peek("=<") && Take("=")) ? "=="
            : Take("!=") || Take("<>") ? "!="
            : Take("<=") ? "<="
            : Take(">=") ? ">="
            : Take("<") ? "<"
            : Take(">") ? ">"
            : null;
        if (comparison is null)
        {
            return Peek("=>") || Peek("=<") ? throw fail("template_invalid", _at, "The comparison is written the other way round: >= or <=.") : new Condition.Filled(left);
        }

        return new Condition.Compare(left, comparison, ParseOperand());
    }

    private Condition ParseMembership()
    {
        Expect("(");
        var name = ParseQuoted() ?? throw fail("template_invalid", _at, "in_array expects a quoted name first: in_array('VIP', tags).");
        Expect(",");
        SkipSpace();
        var wrapped = Take("%");
        Take("$");
        SkipSpace();
        var start = _at;
        var word = Word(_at);
        _at += word.Length;
        if (wrapped)
        {
            Expect("%");
        }

        Expect(")");
        switch (word)
        {
            case "tags" or "TAGS":
                names.UseTags();
                return new Condition.HasTag(name);
            case "lists" or "LISTS":
                names.UseLists();
                return new Condition.OnList(name);
            case { Length: > 0 } when char.IsAsciiLetterUpper(word[0]) && !word.Any(char.IsAsciiLetterLower):
                return new Condition.HasChoice(name, names.SlotOf(word, start));
            default:
                throw fail("unknown_name", start, "The second argument of in_array is tags, lists or a field." + Meant(word));
        }
    }

    private Condition.Shown ParseTree()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return int.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var no) && no >= 1 && no <= names.Trees
            ? new Condition.Shown(no)
            : throw fail("unknown_name", start, "SHOW: is followed by the number of a condition of the design.");
    }

    private Operand ParseOperand()
    {
        if (ParseQuoted() is { } literal)
        {
            return new(literal, -1);
        }

        var start = _at;
        if (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '-'))
        {
            return ParseNumber();
        }

        var wrapped = Take("%");
        if (!wrapped)
        {
            Take("$");
        }

        start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '-' || (text[_at] == '+' && !IsSpaced(_at))))
        {
            _at++;
        }

        var (name, shift) = TokenSyntax.Split(text[start.._at], names.Find);
        if (name.Length == 0)
        {
            throw fail("template_invalid", start, "The condition lacks a field, a number or a quoted text.");
        }

        if (!char.IsAsciiLetterUpper(name[0]) || name.Any(char.IsAsciiLetterLower))
        {
            throw fail("unknown_name", start, $"'{name}' is neither a field nor a function." + Meant(name));
        }

        if (wrapped)
        {
            Expect("%");
        }

        var slot = names.SlotOf(name, start);
        if (shift.Length > 0 && names.Find(name) is { Type: not TagType.Date })
        {
            throw fail("template_invalid", start, $"{name} is no date, so nothing can be added to it.");
        }

        var (days, months) = TokenSyntax.Sum(shift);
        return new("", slot, days, months, IsDay: name is "TODAY");
    }

    private readonly bool IsSpaced(int at) => at == 0 || at + 1 >= text.Length || char.IsWhiteSpace(text[at - 1]) || char.IsWhiteSpace(text[at + 1]);

    private Operand ParseNumber()
    {
        var start = _at++;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
        {
            _at++;
        }

        var number = text[start.._at];
        return decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out _)
            ? new(number, -1)
            : throw fail("template_invalid", start, $"'{number}' is no number; put text and dates into quotes.");
    }

    private readonly string Meant(string word) =>
        NameSuggestion.For(word, Words) is { } known ? $" Did you mean {known}?"
        : names.Find(word.ToUpperInvariant()) is { } field ? $" Fields are written in capitals: {field.Name}."
        : "";

    private string? ParseQuoted()
    {
        SkipSpace();
        if (_at >= text.Length || text[_at] is not ('\'' or '"'))
        {
            return null;
        }

        var end = text.IndexOf(text[_at], _at + 1);
        if (end < 0)
        {
            throw fail("template_invalid", _at, "A quoted text in the condition is not closed.");
        }

        var literal = text[(_at + 1)..end];
        _at = end + 1;
        return literal;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw fail("template_invalid", _at, $"The condition lacks '{word}'.");
        }
    }

    private bool Take(string word)
    {
        if (!Peek(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private bool Peek(string word)
    {
        SkipSpace();
        return string.CompareOrdinal(text, _at, word, 0, word.Length) == 0;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at])))
        {
            _at++;
        }
    }
}
