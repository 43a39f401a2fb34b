using System.Globalization;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.Contracts;

/// <summary>The one rule about what an e-mail address of a contact is, and how it is stored: lower case, domain in ASCII.</summary>
public static class EmailAddress
{
    public const int MaxLocalLength = 64;
    public const int MaxDomainLength = 253;
    public const int MaxLength = 254;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <returns>Null and the normal form, or what is wrong with it.</returns>
    public static EmailAddressError? TryNormalise(string text, out string normal)
    {
        normal = string.Empty;
        var trimmed = text.Trim(' ');
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at != trimmed.LastIndexOf('@') || at > MaxLocalLength)
        {
            return EmailAddressError.Invalid;
        }

        var local = trimmed[..at];
        if (local.StartsWith('"'))
        {
            return EmailAddressError.Quoted;
        }

        if (local.Any(c => !IsAtomOrDot(c)))
        {
            return local.All(c => c > 127 ? !char.IsControl(c) && !char.IsWhiteSpace(c) && !char.IsSurrogate(c) : IsAtomOrDot(c))
                ? EmailAddressError.NotAscii
                : EmailAddressError.Invalid;
        }

        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)
            || AsciiDomain(trimmed[(at + 1)..]) is not { } domain || local.Length + 1 + domain.Length > MaxLength)
        {
            return EmailAddressError.Invalid;
        }

        normal = local.ToLowerInvariant() + "@" + domain;
        return null;
    }

    /// <exception cref="InvalidInputException"><c>email_invalid</c> or <c>eai_unsupported</c>.</exception>
    public static string Normalise(string text, string path) => TryNormalise(text, out var normal) is { } error
        ? throw new InvalidInputException(path, Code(error), Message(error))
        : normal;

    public static string Code(EmailAddressError error) => error == EmailAddressError.NotAscii ? "eai_unsupported" : "email_invalid";

    public static string Message(EmailAddressError error) => error switch
    {
        EmailAddressError.NotAscii => "Letters outside ASCII before the @ are not supported.",
        EmailAddressError.Quoted => "Quoted local parts are not supported.",
        _ => "This is not a valid e-mail address.",
    };

    private static string? AsciiDomain(string text)
    {
        // 255 characters that IDN may still shorten; anything longer is not worth mapping.
        if (text.Length is 0 or > 255 || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return null;
        }

        string domain;
        try
        {
            domain = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }

        var labels = domain.Split('.');
        return domain.Length <= MaxDomainLength && labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit) ? domain : null;
    }

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // RFC 5322 atext, and the dot.
    private static bool IsAtomOrDot(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal);
}

public enum EmailAddressError
{
    Invalid,

    /// <summary>A quoted local part: legal, rare, and not supported.</summary>
    Quoted,

    /// <summary>A local part beyond ASCII (RFC 6531).</summary>
    NotAscii,
}
