using Millrace.Kernel.Security;

namespace Millrace.Accounts.Contracts;

/// <summary>What pages can hear of, and who may. A topic is one of these, or one followed by a colon and an id.</summary>
public static class LiveTopics
{
    /// <summary>Contacts, their tags, lists and values.</summary>
    public const string Contacts = "contacts";

    public const string Bulk = "bulk";
    public const string Imports = "imports";
    public const string Exports = "exports";

    /// <summary>With an id: the counters of that automation.</summary>
    public const string Automation = "automation";

    public const string CaughtMail = "caught_mail";

    /// <summary>Campaigns: their states and how far they are.</summary>
    public const string Campaigns = "campaigns";

    private static readonly Dictionary<string, Permission> Needed = new(StringComparer.Ordinal)
    {
        [Contacts] = Permission.ViewContacts,
        [Bulk] = Permission.ViewContacts,
        [Imports] = Permission.ImportContacts,
        [Exports] = Permission.ExportContacts,
        [Automation] = Permission.ViewAutomations,
        [CaughtMail] = Permission.ViewCaughtMail,
        [Campaigns] = Permission.ViewMessages,
    };

    /// <summary>Unknown topics are nobody's.</summary>
    public static bool MayHear(Role role, string topic) => Needed.TryGetValue(topic.Split(':')[0], out var permission) && role.Grants(permission);
}
