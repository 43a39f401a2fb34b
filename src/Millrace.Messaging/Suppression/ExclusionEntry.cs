using Millrace.Mail.Addresses;

namespace Millrace.Messaging.Suppression;

/// <summary>How an entry of the exclusion list is compared with an address.</summary>
internal enum ExclusionMode
{
    Exactly,

    /// <summary>What stands after the @; domains below it are others.</summary>
    Domain,
    BeginsWith,
    EndsWith,
}

/// <summary>An entry in the form in which it is compared: lower case, the domain in ASCII.</summary>
internal readonly record struct ExclusionEntry(ExclusionMode Mode, string Pattern)
{
    /// <param name="mode">Null: an address or a domain, as it is written (<c>a@b.example</c>, <c>b.example</c>, <c>@b.example</c>, <c>*@b.example</c>).</param>
    /// <param name="message">What is wrong with it; empty when it could be read.</param>
    public static bool TryRead(string text, ExclusionMode? mode, out ExclusionEntry entry, out string message)
    {
        (entry, message) = (default, "");
        var given = text.Trim(' ', '\t', '\r', '\n', '"', '\'', ',', ';', '<', '>').ToLowerInvariant();
        if (mode is ExclusionMode.BeginsWith or ExclusionMode.EndsWith)
        {
            entry = new(mode.Value, given);
            message = given.Length is < 2 or > 254 || given.Any(char.IsControl) ? "This takes 2 to 254 characters." : "";
            return message.Length == 0;
        }

        var domain = given.StartsWith("*@", StringComparison.Ordinal) ? given[2..] : given.StartsWith('@') ? given[1..] : given;
        var isDomain = mode is null ? !domain.Contains('@', StringComparison.Ordinal) : mode == ExclusionMode.Domain;
        if (!EmailAddress.TryParse(isDomain ? "x@" + domain : given, out var address, out _, out var problem))
        {
            message = isDomain ? "This is neither an address nor a domain." : problem;
            return false;
        }

        entry = isDomain ? new(ExclusionMode.Domain, address.Domain.ToLowerInvariant()) : new(ExclusionMode.Exactly, address.Value.ToLowerInvariant());
        return true;
    }
}
