using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Millrace.Mail.Addresses;

/// <summary>
/// One address of the form <c>local@domain</c>: ASCII dot-atom, at most 64 and 253 characters, 254 together.
/// Equality ignores case. Nothing that breaks out of an SMTP command or a header can be an instance.
/// </summary>
public sealed class EmailAddress : IEquatable<EmailAddress>
{
    public const int MaxLocalPart = 64;
    public const int MaxDomain = 253;
    public const int MaxLength = 254;

    public const string InvalidCode = "email_invalid";
    public const string EaiUnsupportedCode = "eai_unsupported";

    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> LocalCharacters = SearchValues.Create(LettersAndDigits + "!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create(LettersAndDigits + "-");
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    private readonly int _at;

    private EmailAddress(string value, int at)
    {
        Value = value;
        Normalised = value.ToLowerInvariant();
        _at = at;
    }

    /// <summary>As given, trimmed, with the domain in ASCII.</summary>
    public string Value { get; }

    /// <summary>Lower case: for comparing and for unique keys, not for sending.</summary>
    public string Normalised { get; }

    public string LocalPart => Value[.._at];

    /// <summary>The ASCII domain in lower case.</summary>
    public string Domain => Normalised[(_at + 1)..];

    /// <param name="code"><c>email_invalid</c> or <c>eai_unsupported</c>; null when the address is good.</param>
    /// <param name="message">One sentence for a person; null when the address is good.</param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out EmailAddress? address,
        [NotNullWhen(false)] out string? code,
        [NotNullWhen(false)] out string? message)
    {
        address = null;
        code = InvalidCode;
        message = Problem(text, out var value, out var at);
        if (message is null)
        {
            code = null;
            address = new EmailAddress(value!, at);
            return true;
        }

        if (ReferenceEquals(message, EaiMessage))
        {
            code = EaiUnsupportedCode;
        }

        return false;
    }

    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address, out _, out var message) ? address : throw new FormatException(message);

    public bool Equals(EmailAddress? other) => other is not null && Normalised.Equals(other.Normalised, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as EmailAddress);

    public override int GetHashCode() => Normalised.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    private const string EaiMessage = "Only ASCII is supported before the @.";

    private static string? Problem(string? text, out string? value, out int at)
    {
        value = null;
        at = -1;
        if (text is null || text.Length > 1_000)
        {
            return text is null ? "An e-mail address is needed." : "The address is too long.";
        }

        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Any(char.IsControl))
        {
            return "The address contains a control character.";
        }

        text = text.Trim(' ');
        at = text.IndexOf('@', StringComparison.Ordinal);
        if (text.StartsWith('"'))
        {
            return "A quoted part before the @ is not supported.";
        }

        if (at < 0 || text.IndexOf('@', at + 1) >= 0)
        {
            return "An address has exactly one @.";
        }

        return LocalPartProblem(text.AsSpan(0, at)) ?? DomainProblem(text, at, out value);
    }

    private static string? LocalPartProblem(ReadOnlySpan<char> local)
    {
        if (local.Length is 0 or > MaxLocalPart)
        {
            return $"The part before the @ has 1 to {MaxLocalPart} characters.";
        }

        if (local.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            return EaiMessage;
        }

        if (local.ContainsAnyExcept(LocalCharacters))
        {
            return "The part before the @ contains a character that is not allowed.";
        }

        return local[0] == '.' || local[^1] == '.' || local.IndexOf("..", StringComparison.Ordinal) >= 0
            ? "The part before the @ has a misplaced dot."
            : null;
    }

    private static string? DomainProblem(string text, int at, out string? value)
    {
        value = null;
        if (text.AsSpan(at + 1).StartsWith("["))
        {
            return "An IP address is not accepted as domain.";
        }

        if (AsciiDomain(text[(at + 1)..]) is not { } domain || domain.Length is 0 or > MaxDomain)
        {
            return "The domain is not valid.";
        }

        if (at + 1 + domain.Length > MaxLength)
        {
            return $"An address has at most {MaxLength} characters.";
        }

        value = $"{text.AsSpan(0, at)}@{domain}";
        return null;
    }

    /// <summary>The domain in ASCII, or null: at least two labels of letters, digits and inner hyphens, the last not a number.</summary>
    private static string? AsciiDomain(string domain)
    {
        if (!System.Text.Ascii.IsValid(domain))
        {
            try
            {
                domain = Idn.GetAscii(domain);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        var labels = 0;
        var rest = domain.AsSpan();
        while (true)
        {
            var dot = rest.IndexOf('.');
            var label = dot < 0 ? rest : rest[..dot];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LabelCharacters))
            {
                return null;
            }

            labels++;
            if (dot < 0)
            {
                return labels >= 2 && label.ContainsAnyExceptInRange('0', '9') ? domain : null;
            }

            rest = rest[(dot + 1)..];
        }
    }
}
