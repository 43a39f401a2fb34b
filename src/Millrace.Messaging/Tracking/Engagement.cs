using Millrace.Contacts.Contracts;

namespace Millrace.Messaging.Tracking;

/// <summary>An open or a click as it came in.</summary>
/// <param name="Link">0 is the open pixel.</param>
/// <param name="Machine">Why it looks like a machine, by itself; null when it does not. Whether it counts says the account.</param>
/// <param name="Sighting">From where and with what.</param>
internal sealed record Engagement(long AccountId, long SendId, int Link, DateTimeOffset At, string? Machine, Sighting Sighting)
{
    /// <summary>Members of the activity that say so, as a JSON object.</summary>
    public string Told { get; } = Sighting.ForLog(Machine ?? Hidden(Sighting));

    /// <summary>What the contact's last place and device may become; null when it tells nothing.</summary>
    public string? Seen { get; } = Sighting.ForContact(Machine ?? Hidden(Sighting));

    /// <summary>A person who reads behind a mailbox's proxy is nowhere in particular.</summary>
    private static string? Hidden(Sighting sighting) => sighting is { FromMail: true, Agent.Machine: Agent.Proxy } ? Agent.Proxy : null;
}

/// <summary>What was found for it; null members when there is no such send.</summary>
internal readonly record struct EngagedSend(long VersionId, long ContactId, string? Url);
