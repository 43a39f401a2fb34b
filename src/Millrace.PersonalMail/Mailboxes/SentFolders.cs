using Millrace.Mail.Imap;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>Finds where a mailbox keeps what its owner sent.</summary>
internal static class SentFolders
{
    private static readonly string[] Names =
        ["Sent", "INBOX.Sent", "Sent Items", "Sent Messages", "INBOX.Sent Items", "INBOX.Sent Messages", "[Gmail]/Sent Mail", "Gesendet", "Gesendete Elemente", "Envoy&AOk-s"];

    /// <summary>The folder that bears the mark; otherwise one of a usual name; null: none.</summary>
    public static string? Find(IReadOnlyList<ImapFolder> folders, string? chosen)
    {
        var usable = folders.Where(f => !f.Is("\\Noselect") && !f.Is("\\NonExistent")).ToList();
        return chosen is not null
            ? usable.FirstOrDefault(f => f.Name.Equals(chosen, StringComparison.OrdinalIgnoreCase))?.Name
            : (usable.FirstOrDefault(f => f.Is("\\Sent"))
                ?? Names.Select(n => usable.FirstOrDefault(f => f.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null))?.Name;
    }
}
