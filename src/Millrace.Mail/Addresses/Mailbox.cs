namespace Millrace.Mail.Addresses;

/// <summary>An address with the name shown beside it.</summary>
/// <param name="Name">Any text without control characters; null or empty for the bare address.</param>
public sealed record Mailbox(EmailAddress Address, string? Name = null)
{
    /// <summary>For people to read; the writer makes the encoded form for a header.</summary>
    public override string ToString() => string.IsNullOrEmpty(Name) ? Address.Value : $"{Name} <{Address.Value}>";
}
