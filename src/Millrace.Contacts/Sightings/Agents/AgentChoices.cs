using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Sightings.Agents;

/// <summary>The values that <see cref="AgentTable"/> can tell, for pickers.</summary>
internal static class AgentChoices
{
    public static readonly IReadOnlyList<ConditionChoice> Devices = [.. AgentTable.Devices.Select(d => new ConditionChoice(d.Value, d.Label))];

    public static readonly IReadOnlyList<ConditionChoice> Systems = Of(r => r.Os);

    public static readonly IReadOnlyList<ConditionChoice> MailClients = Of(r => r.MailClient);

    public static readonly IReadOnlyList<ConditionChoice> Browsers = Of(r => r.Browser);

    private static IReadOnlyList<ConditionChoice> Of(Func<AgentTable.Row, string?> part) =>
        [.. AgentTable.Rows.Select(part).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase).Select(v => new ConditionChoice(v, v))];
}
