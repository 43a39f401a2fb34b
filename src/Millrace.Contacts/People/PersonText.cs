using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

/// <summary>Limits of the texts people type in, in characters.</summary>
internal static class PersonText
{
    public const int MaxName = 200;
    public const int MaxPhone = 40;

    /// <summary>One line: trimmed, no NUL (400), no longer than the limit (422).</summary>
    public static string Line(string text, int max, string path)
    {
        var trimmed = Storable(text).Trim();
        return trimmed.Length <= max ? trimmed : throw TooLong(path, max);
    }

    /// <summary>One line that must not be empty.</summary>
    public static string Name(string? text, int max, string path)
    {
        var name = Line(text ?? string.Empty, max, path);
        return name.Length > 0 ? name : throw new InvalidInputException(path, "required", "This must not be empty.");
    }

    /// <summary>Kept as typed. Digits, and what people put between them; 8 to 15 digits. Empty is no number.</summary>
    public static string Phone(string text, string path)
    {
        var phone = Storable(text).Trim();
        if (phone.Length == 0)
        {
            return phone;
        }

        var digits = phone.Count(char.IsAsciiDigit);
        return digits is >= 8 and <= 15 && phone.Length <= MaxPhone && phone.All(c => char.IsAsciiDigit(c) || " +-./()".Contains(c, StringComparison.Ordinal))
            ? phone
            : throw new InvalidInputException(path, "phone_invalid", "A phone number has 8 to 15 digits.");
    }

    private static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new MalformedRequestException("A text must not contain NUL.")
        : text;

    private static InvalidInputException TooLong(string path, int max) => new(path, "too_long", $"At most {max} characters.");
}
