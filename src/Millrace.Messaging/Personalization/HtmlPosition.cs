namespace Millrace.Messaging.Personalization;

/// <summary>Follows HTML source character by character, so that each token knows the place it stands in.</summary>
internal record struct HtmlPosition
{
    private const string UrlAttributes = " href src action background cite data formaction poster srcset longdesc ";

    /// <summary>A URL whose host is not fixed by then never is.</summary>
    internal const int MaxPrefix = 2048;

    /// <summary>No name that means something here is longer; collecting more would take the square of its length.</summary>
    private const int MaxWord = 64;

    internal enum Spot
    {
        Text,
        TagName,
        InTag,
        AttributeName,
        BeforeValue,
        Value,
        Comment,
        Css,
        Script,
    }

    public Spot At { get; private set; }

    /// <summary>Quote of the attribute value, or NUL when it has none.</summary>
    public char Quote { get; private set; }

    /// <summary>Source text of the attribute value so far.</summary>
    public string Value { get; private set; }

    private string _word;
    private string _tag;

    public static HtmlPosition Start => new() { At = Spot.Text, Value = "", _word = "", _tag = "" };

    public readonly bool IsUrl => At == Spot.Value && UrlAttributes.Contains($" {_word} ", StringComparison.Ordinal);

    /// <summary>Inside the target of a link a person clicks.</summary>
    public readonly bool IsLinkTarget => At == Spot.Value && _word is "href" && _tag is ("a" or "area");

    /// <summary>Style and event attributes take no values at all.</summary>
    public readonly bool IsCode =>
        At is Spot.Css or Spot.Script || (At == Spot.Value && (_word is "style" || _word.StartsWith("on", StringComparison.Ordinal)));

    /// <summary>Same place, whatever text led there: what both ends of a condition's branch must be.</summary>
    public readonly bool Matches(in HtmlPosition other) =>
        At == other.At && Quote == other.Quote && (At == Spot.Text || (string.Equals(_word, other._word, StringComparison.Ordinal) && string.Equals(_tag, other._tag, StringComparison.Ordinal)));

    /// <summary>Moves over <paramref name="source"/>[<paramref name="from"/>..<paramref name="to"/>].</summary>
    public void Move(string source, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            Step(source, i);
        }
    }

    private void Step(string source, int i)
    {
        var c = source[i];
        switch (At)
        {
            case Spot.Text when c == '<':
                OpenTag(source, i);
                break;
            case Spot.Comment when c == '>' && i >= 2 && source[i - 1] == '-' && source[i - 2] == '-':
                At = Spot.Text;
                break;
            case Spot.Css when c == '<' && EndsHere(source, i, "</style"):
            case Spot.Script when c == '<' && EndsHere(source, i, "</script"):
                OpenTag(source, i);
                break;
            case Spot.TagName:
                if (c is '>' || char.IsWhiteSpace(c) || c == '/')
                {
                    _tag = _word;
                    _word = "";
                    At = Spot.InTag;
                    CloseTag(c);
                }
                else
                {
                    Spell(c);
                }

                break;
            case Spot.InTag or Spot.AttributeName or Spot.BeforeValue:
                StepInTag(c);
                break;
            case Spot.Value:
                StepInValue(c);
                break;
            default:
                break;
        }
    }

    private void OpenTag(string source, int i)
    {
        if (EndsHere(source, i, "<!--"))
        {
            At = Spot.Comment;
        }
        else if (i + 1 < source.Length && (char.IsAsciiLetter(source[i + 1]) || source[i + 1] is '/' or '!' or '?'))
        {
            At = Spot.TagName;
            _word = "";
        }
    }

    private void StepInTag(char c)
    {
        if (c == '>')
        {
            CloseTag(c);
        }
        else if (At == Spot.BeforeValue)
        {
            if (!char.IsWhiteSpace(c))
            {
                At = Spot.Value;
                Quote = c is '"' or '\'' ? c : '\0';
                Value = Quote == '\0' ? c.ToString() : "";
            }
        }
        else if (c == '=' && _word.Length > 0)
        {
            At = Spot.BeforeValue;
        }
        else if (char.IsWhiteSpace(c) || c == '/')
        {
            At = Spot.InTag;
        }
        else
        {
            _word = At == Spot.InTag ? "" : _word;
            Spell(c);
            At = Spot.AttributeName;
        }
    }

    private void Spell(char c)
    {
        if (_word.Length < MaxWord)
        {
            _word += char.ToLowerInvariant(c);
        }
    }

    private void StepInValue(char c)
    {
        if (Quote == '\0' ? char.IsWhiteSpace(c) || c == '>' : c == Quote)
        {
            At = Spot.InTag;
            Value = "";
            _word = "";
            CloseTag(Quote == '\0' ? c : ' ');
        }
        else if (IsUrl && Value.Length < MaxPrefix)
        {
            Value += c;
        }
    }

    private void CloseTag(char c)
    {
        if (c == '>')
        {
            At = _tag switch
            {
                "style" => Spot.Css,
                "script" => Spot.Script,
                _ => Spot.Text,
            };
            (_word, _tag) = ("", "");
        }
    }

    private static bool EndsHere(string source, int i, string word) =>
        string.Compare(source, i, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
