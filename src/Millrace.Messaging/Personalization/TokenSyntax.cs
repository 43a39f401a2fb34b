using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Personalization;

/// <summary>
/// The shape of a token: <c>%NAME%</c>, <c>%NAME+3D%</c>, <c>%NAME|MODIFIER|fallback%</c>. What does not have it is plain text,
/// so "50% off", "100%" and URL escapes stay as they are.
/// </summary>
internal static partial class TokenSyntax
{
    /// <summary>Characters a condition or a fallback may have.</summary>
    public const int MaxExpression = 2000;

    [GeneratedRegex(@"\G%(?<name>[A-Z][A-Z0-9_:-]{0,99})(?<shift>([+-][0-9]{1,4}[DWMY]){0,4})(\|(?<rest>[^%\r\n<]{0,200}))?%", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Tag();

    [GeneratedRegex(@"\G%(?<word>IF|ELSEIF)\s", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Opening();

    [GeneratedRegex(@"%[A-Z][A-Z0-9_:+-]{0,120}(\|[^%\r\n<]{0,200})?%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyTag();

    /// <summary>The text with a letter for each tag: what it looks like once merged.</summary>
    public static string Sample(string text) => AnyTag().Replace(text, "x");

    /// <summary>The text percent-encoded as part of a link, its tags left as they are.</summary>
    public static string EscapeAround(string text)
    {
        var (output, copied) = (new System.Text.StringBuilder(text.Length + 16), 0);
        foreach (Match tag in AnyTag().Matches(text))
        {
            output.Append(Uri.EscapeDataString(text[copied..tag.Index])).Append(tag.ValueSpan);
            copied = tag.Index + tag.Length;
        }

        return output.Append(Uri.EscapeDataString(text[copied..])).ToString();
    }

    [GeneratedRegex(@"%(IF|ELSEIF)\s[^%]{0,2000}%|%ELSE%|%/IF%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyCondition();

    [GeneratedRegex(@"(?<n>[+-][0-9]{1,4})(?<unit>[DWMY])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shift();

    [GeneratedRegex(@"^(?<name>.*?)(?<shift>([+-][0-9]{1,4}[DWMY]){1,4})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NameWithShift();

    /// <summary>A minus may belong to the name (<c>SENDER-INFO</c>) or to arithmetic (<c>TODAY-1M</c>).</summary>
    public static (string Name, string Shift) Split(string name, string shift, ITagCatalogue known)
    {
        var (bare, own) = Split(name, known.Find);
        return (bare, own + shift);
    }

    /// <inheritdoc cref="Split(string, string, ITagCatalogue)"/>
    public static (string Name, string Shift) Split(string name, Func<string, TagDefinition?> find) =>
        find(name) is null && NameWithShift().Match(name) is { Success: true } parts && find(parts.Groups["name"].Value) is not null
            ? (parts.Groups["name"].Value, parts.Groups["shift"].Value)
            : (name, "");

    /// <summary>The text as nobody in particular reads it: each tag is what its author wrote for readers without a value, or the mark.</summary>
    public static string ForNobody(string text, string mark) => AnyCondition().Replace(AnyTag().Replace(text, tag =>
        tag.Value.Trim('%').Split('|').Skip(1).LastOrDefault(part => part.Trim().Length > 0 && !Modifier().IsMatch(part)) ?? mark), "");

    [GeneratedRegex("^[A-Z][A-Z0-9_:+-]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Modifier();

    public static (int Days, int Months) Sum(string shift)
    {
        var (days, months) = (0, 0);
        foreach (Match part in Shift().Matches(shift))
        {
            var n = int.Parse(part.Groups["n"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            switch (part.Groups["unit"].Value)
            {
                case "D": days += n; break;
                case "W": days += n * 7; break;
                case "M": months += n; break;
                default: months += n * 12; break;
            }
        }

        return (days, months);
    }

    /// <summary>
    /// Where the condition starting at <paramref name="from"/> ends (its closing percent sign), or -1. A percent sign inside quotes, or where a
    /// field is due (<c>%IF %AGE% &gt; 3%</c>), does not end it.
    /// </summary>
    public static int ConditionEnd(string source, int from)
    {
        var quote = '\0';
        var limit = Math.Min(source.Length, from + MaxExpression);
        for (var i = from; i < limit; i++)
        {
            var c = source[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '%')
            {
                if (!OperandIsDue(source.AsSpan(from, i - from)) || Tag().Match(source, i) is not { Success: true } field)
                {
                    return i;
                }

                i += field.Length - 1;
            }
        }

        return -1;
    }

    /// <summary>What was probably meant as a tag: lower or mixed case, spaces, braces, a percent sign that was forgotten.</summary>
    [GeneratedRegex(@"%(?<name>[A-Za-z][A-Za-z0-9_ -]{2,60})(\|[^%\r\n<]{0,200})?%|\{\{\s*(?<name>[A-Za-z][A-Za-z0-9_. -]{2,60}?)\s*(\|[^}\r\n<]{0,100})?\}\}|%(?<open>[A-Z][A-Z0-9_-]{3,60})(?![A-Z0-9_%|+:-])", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex NearMiss();

    private static bool OperandIsDue(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd();
        return before.IsEmpty || "(,!=<>&|".Contains(before[^1], StringComparison.Ordinal)
            || before.EndsWith("&gt;", StringComparison.Ordinal) || before.EndsWith("&lt;", StringComparison.Ordinal)
            || before.EndsWith("&amp;", StringComparison.Ordinal);
    }
}
