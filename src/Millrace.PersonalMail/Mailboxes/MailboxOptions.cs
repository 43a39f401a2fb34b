using System.ComponentModel.DataAnnotations;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>Bound from <c>Millrace:Mailboxes</c>: connected mailboxes.</summary>
public sealed class MailboxOptions
{
    public const string Section = "Millrace:Mailboxes";

    /// <summary>Seconds between two looks into a mailbox. Default 120.</summary>
    [Range(5, 86_400)]
    public int PollSeconds { get; set; } = 120;

    /// <summary>Mailboxes that one process works on at once. Default 4.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 4;

    /// <summary>Servers may be used without TLS. Default off: a password does not go through the network in clear text.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// Private addresses that users may name nevertheless, as <c>address-or-network:port</c>, for example <c>10.0.0.0/8:993</c>. For the operator. Default none.
    /// </summary>
    public IList<string> Allowed { get; } = [];
}
