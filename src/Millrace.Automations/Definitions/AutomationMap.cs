using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>
/// Which automations start or end which: by their steps for that, and by what one does and another is started by (a tag, a list, a field, a goal).
/// Read from what is published, of one that never was from its draft.
/// </summary>
internal sealed class AutomationMap(
    DocumentNodes nodes, DocumentNames names, Catalogue<AutomationAction> actions, Catalogue<AutomationTrigger> triggers)
{
    /// <summary>So many are looked at; more would be no picture any more.</summary>
    private const int Most = 2_000;

    /// <summary>From so many on those without any link are left out.</summary>
    public const int Crowd = 100;

    private const string Own = "automation";

    public async Task<MapView> ReadAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select a.id, a.name, a.status, coalesce(v.document, a.draft),
                   greatest(0, (select coalesce(sum(case when what = 'entered' then total when what in ('completed', 'ended') then -total else 0 end), 0)::bigint
                                from automations.tally y where y.account_id = a.account_id and y.automation_id = a.id and y.step_key = ''))
            from automations.automation a
            left join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
            where a.account_id = {accountId} and a.deleted_at is null order by lower(a.name), a.id limit {Most}
            """).ListAsync<Row>(work, cancellationToken);
        var deeds = new List<Deed>();
        var gates = new List<Gate>();
        foreach (var row in rows)
        {
            foreach (var node in nodes.All((JsonObject)JsonNode.Parse(row.Document.GetRawText())!))
            {
                if (node.IsTrigger)
                {
                    gates.Add(GateOf(row.Id, node));
                }
                else
                {
                    deeds.AddRange(DeedsOf(row.Id, node));
                }
            }
        }

        var here = rows.Select(r => r.Id).ToHashSet();
        var found = deeds.Where(d => d.Source == Own && d.Kind is Starts or Ends).Select(d => new Found(d.By, d.Thing ?? 0, d.Kind, null, null, null))
            .Concat(deeds.Join(gates, d => d.Kind, g => g.Kind, (d, g) => (Deed: d, Gate: g), StringComparer.Ordinal)
                .Where(p => p.Gate.Opens(p.Deed))
                .Select(p => new Found(p.Deed.By, p.Gate.Of, p.Deed.Kind, p.Deed.Source, p.Deed.Thing, p.Deed.Goal)))
            .Where(f => here.Contains(f.To)).Distinct().ToList();
        var named = await NamesAsync(work, accountId, found, cancellationToken);
        var links = found.Select(f => new MapLink(
            f.From, f.To, f.Kind, triggers.Find(f.Kind)?.Title, f.Goal ?? (f.Source is { } s && f.Thing is { } id ? named.GetValueOrDefault((s, id)) : null)))
            .OrderBy(l => l.From).ThenBy(l => l.To).ThenBy(l => l.Kind, StringComparer.Ordinal).ToList();
        var linked = links.SelectMany(l => new[] { l.From, l.To }).ToHashSet();
        return new MapView(
            [.. rows.Where(r => rows.Count <= Crowd || linked.Contains(r.Id)).Select(r => new MapItem(r.Id, r.Name, r.Status, r.Inside))], links, rows.Count);
    }

    private const string Starts = "flow.start_automation";
    private const string Ends = "flow.end_automation";

    private IEnumerable<Deed> DeedsOf(long automationId, DocumentNode node)
    {
        var type = Text(node.Json, "type") ?? string.Empty;
        if (type is Starts or Ends)
        {
            // Ending "this" or "all" points at nobody in particular.
            return type == Starts || (Text(node.Json, "which") ?? "other") == "other" && Id(node.Json, Own) is not null
                ? [new Deed(automationId, type, Own, Id(node.Json, Own), null)]
                : [];
        }

        if (type == "goal")
        {
            var goal = Text(node.Json, "name") ?? string.Empty;
            return [new Deed(automationId, "goal.reached", Own, automationId, goal), new Deed(automationId, "goal.skipped", Own, automationId, goal)];
        }

        if (actions.Find(type) is not { Causes.Length: > 0 } action || node.SettingsType is null)
        {
            return [];
        }

        var by = action.CausesBy.FirstOrDefault(key => Id(node.Json, key) is not null);
        return by is null ? [] : [new Deed(automationId, action.Causes, SettingsShape.Of(node.SettingsType).Find(by)?.Source, Id(node.Json, by), null)];
    }

    private static Gate GateOf(long automationId, DocumentNode node)
    {
        var member = node.SettingsType is null ? null : SettingsShape.Of(node.SettingsType).Members.FirstOrDefault(m => m.Source is not null);
        return new Gate(automationId, Text(node.Json, "type") ?? string.Empty, member?.Source, member is null ? null : Id(node.Json, member.Key), Text(node.Json, "goal"));
    }

    private async Task<Dictionary<(string Source, long Id), string>> NamesAsync(
        AccountTransaction work, long accountId, List<Found> links, CancellationToken cancellationToken)
    {
        var all = new Dictionary<(string Source, long Id), string>();
        foreach (var group in links.Where(l => l is { Source: not null, Thing: not null, Goal: null }).GroupBy(l => l.Source!, StringComparer.Ordinal))
        {
            foreach (var (id, name) in await names.NamesAsync(work, accountId, group.Key, [.. group.Select(l => l.Thing!.Value)], cancellationToken))
            {
                all[(group.Key, id)] = name;
            }
        }

        return all;
    }

    private static string? Text(JsonObject json, string key) => json[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Id(JsonObject json, string key) => json[key] is JsonValue value && value.TryGetValue<long>(out var id) ? id : null;

    private sealed record Row(long Id, string Name, AutomationStatus Status, JsonElement Document, long Inside);

    /// <summary>What a step of an automation makes happen.</summary>
    private sealed record Deed(long By, string Kind, string? Source, long? Thing, string? Goal);

    /// <summary>What a trigger of an automation waits for; null: any thing, any goal.</summary>
    private sealed record Gate(long Of, string Kind, string? Source, long? Thing, string? Goal)
    {
        public bool Opens(Deed deed) => (Thing is null || Thing == deed.Thing)
            && (string.IsNullOrWhiteSpace(Goal) || deed.Goal is null || string.Equals(Goal.Trim(), deed.Goal.Trim(), StringComparison.OrdinalIgnoreCase));
    }

    private sealed record Found(long From, long To, string Kind, string? Source, long? Thing, string? Goal);
}

/// <param name="Items">By name; of more than 100 only those that are linked.</param>
/// <param name="Total">All automations of the account.</param>
internal sealed record MapView(IReadOnlyList<MapItem> Items, IReadOnlyList<MapLink> Links, int Total);

/// <param name="Inside">Contacts inside now.</param>
internal sealed record MapItem(long Id, string Name, AutomationStatus Status, long Inside);

/// <summary>One automation starts or ends another, or itself.</summary>
/// <param name="From">The one that does something.</param>
/// <param name="To">The one that is started or ended by it.</param>
/// <param name="Kind"><c>flow.start_automation</c>, <c>flow.end_automation</c>, or the type of the trigger: <c>tag.added</c> and so on.</param>
/// <param name="Title">Of a trigger: its title.</param>
/// <param name="Thing">Name of the tag, list, field or goal; null where there is none, or it is gone.</param>
internal sealed record MapLink(long From, long To, string Kind, string? Title, string? Thing);
