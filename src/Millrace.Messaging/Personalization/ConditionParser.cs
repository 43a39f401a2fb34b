namespace Millrace.Messaging.Personalization;

/// <summary>
/// Reads <c>in_array('tag', tags)</c>, <c>FIELD == 'text'</c>, <c>FIELD &gt; 3</c>, <c>FIELD</c>, joined by <c>&amp;&amp; || !</c> and
/// parentheses. A field may be written <c>FIELD</c>, <c>$FIELD</c> or <c>%FIELD%</c>.
/// </summary>
internal ref struct ConditionParser(string text, Func<string, int> slotOf, Func<string, string, TemplateInvalidException> fail)
{
    private const int MaxDepth = 10;
    private int _at;
    private int _depth;

    /// <summary>Operands and operators read, for the limit on a template's size.</summary>
    public int Nodes { get; private set; }

    public Condition Parse()
    {
        var condition = ParseOr();
        SkipSpace();
        return _at == text.Length ? condition : throw fail("template_invalid", $"Unexpected '{text[_at]}' in the condition.");
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
            throw fail("template_invalid", "The condition is nested more than 10 deep.");
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
            Expect("(");
            var name = ParseQuoted() ?? throw fail("template_invalid", "in_array expects a quoted tag name.");
            Expect(",");
            Take("$");
            if (!Take("tags") && !Take("TAGS"))
            {
                throw fail("unknown_name", "The second argument of in_array is: tags.");
            }

            Expect(")");
            return new Condition.HasTag(name);
        }

        var left = ParseOperand();
        var comparison = Take("==") || (!Peek("=>") && Take("=")) ? "=="
            : Take("!=") || Take("<>") ? "!="
            : Take("<=") ? "<="
            : Take(">=") ? ">="
            : Take("<") ? "<"
            : Take(">") ? ">"
            : null;
        return comparison is null ? new Condition.Filled(left) : new Condition.Compare(left, comparison, ParseOperand());
    }

    private Operand ParseOperand()
    {
        if (ParseQuoted() is { } literal)
        {
            return new(literal, -1);
        }

        var start = _at;
        var isNumber = _at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '-');
        if (isNumber)
        {
            _at++;
            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
            {
                _at++;
            }

            return new(text[start.._at], -1);
        }

        var wrapped = Take("%");
        if (!wrapped)
        {
            Take("$");
        }

        start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '-'))
        {
            _at++;
        }

        var name = text[start.._at];
        if (name.Length == 0)
        {
            throw fail("template_invalid", "The condition lacks a field, a number or a quoted text.");
        }

        if (!char.IsAsciiLetterUpper(name[0]) || name.Any(char.IsAsciiLetterLower))
        {
            throw fail("unknown_name", $"'{name}' is neither a field nor a function.");
        }

        if (wrapped)
        {
            Expect("%");
        }

        return new("", slotOf(name));
    }

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
            throw fail("template_invalid", "A quoted text in the condition is not closed.");
        }

        var literal = text[(_at + 1)..end];
        _at = end + 1;
        return literal;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw fail("template_invalid", $"The condition lacks '{word}'.");
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
