using System.Globalization;

namespace Millrace.Mail.Smtp;

/// <summary>Enhanced status code of RFC 3463: class 2, 4 or 5, subject, detail.</summary>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    /// <summary>Reads <c>5.1.1</c> at the start of a text, followed by a blank or the end.</summary>
    public static EnhancedCode? Read(ReadOnlySpan<char> text)
    {
        var blank = text.IndexOfAny(' ', '\n');
        text = blank < 0 ? text : text[..blank];
        Span<Range> parts = stackalloc Range[4];
        return text.Length is >= 5 and <= 9
            && text.Split(parts, '.') == 3
            && Number(text[parts[0]]) is var c and (2 or 4 or 5)
            && Number(text[parts[1]]) is var subject and >= 0
            && Number(text[parts[2]]) is var detail and >= 0
            ? new EnhancedCode(c, subject, detail)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static int Number(ReadOnlySpan<char> digits) =>
        digits.Length is > 0 and <= 3 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
}

/// <summary>An SMTP reply: three digits, the text of its lines (joined by LF), and the enhanced code its first line begins with.</summary>
public sealed record SmtpReply(int Code, string Text)
{
    public static readonly SmtpReply Ok = new(250, "2.0.0 OK");

    public EnhancedCode? Enhanced { get; } = EnhancedCode.Read(Text);

    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsIntermediate => Code is >= 300 and < 400;

    public bool IsTemporary => Code is >= 400 and < 500;

    public bool IsPermanent => Code is >= 500 and < 600;

    public IEnumerable<string> Lines => Text.Split('\n');

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Text.Replace('\n', ' ')}");
}
