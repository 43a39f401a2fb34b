using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Where automations name saved segments, in what is published and in what is being edited.</summary>
internal sealed class SegmentsInFlows(DocumentNodes nodes, IConditions conditions, Catalogue<AutomationAction> actions, Catalogue<AutomationTrigger> triggers) : ISegmentUse
{
    private const string Source = "segment";

    public async Task<IReadOnlyList<SegmentPlace>> PlacesAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken)
    {
        var rows = await DocumentsAsync(work, accountId, activeOnly: false, cancellationToken);
        return
        [
            .. rows.SelectMany(row => Named(row).Where(n => segmentIds.Contains(n.SegmentId))
                    .Select(n => new SegmentPlace(n.SegmentId, "automation", row.Id, row.Name, n.Where, row.Published && row.Status == AutomationStatus.Active)))
                .OrderByDescending(p => p.Live)
                .DistinctBy(p => (p.SegmentId, p.Id, p.Detail)),
        ];
    }

    public async Task ChangedAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken)
    {
        var rows = await DocumentsAsync(work, accountId, activeOnly: true, cancellationToken);
        var concerned = rows.Where(row => Named(row).Any(n => segmentIds.Contains(n.SegmentId))).Select(r => r.Id).Distinct().ToList();
        foreach (var automationId in concerned)
        {
            // Who waits may be let go by the change itself, with no activity that says so.
            await NudgeWaiting.AllAsync(work.Transaction, accountId, automationId, stepKeys: null, cancellationToken);
        }

        if (concerned.Count > 0)
        {
            await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
        }
    }

    /// <summary>Only documents in which the word occurs at all are read.</summary>
    private static Task<List<Row>> DocumentsAsync(AccountTransaction work, long accountId, bool activeOnly, CancellationToken cancellationToken) => Sql.Of($"""
        select d.id, d.name, d.status, d.published, d.document
        from (
            select a.id, a.name, a.status, true as published, v.document
            from automations.automation a
            join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
            where a.account_id = {accountId} and a.deleted_at is null and (a.status = 'active' or not {activeOnly})
            union all
            select a.id, a.name, a.status, false, a.draft from automations.automation a where a.account_id = {accountId} and a.deleted_at is null and a.changed and not {activeOnly}) d
        where jsonb_path_exists(d.document, '$.** ? (@.field == "segment")')
        order by lower(d.name), d.published desc
        """).ListAsync<Row>(work, cancellationToken);

    private IEnumerable<(long SegmentId, string Where)> Named(Row row)
    {
        foreach (var node in nodes.All((JsonObject)JsonNode.Parse(row.Document.GetRawText())!))
        {
            var title = node.Json["type"]?.ToString() is not { } type ? null : node.IsTrigger ? triggers.Find(type)?.Title : actions.Find(type)?.Title;
            var keys = node.IsTrigger ? ["where"]
                : node.SettingsType is null ? [] : SettingsShape.Of(node.SettingsType).Members.Where(m => m.IsConditions).Select(m => m.Key);
            foreach (var key in keys.Where(k => node.Json[k] is JsonObject))
            {
                foreach (var reference in References(JsonElement.Parse(node.Json[key]!.ToJsonString())).Where(r => r.Source == Source))
                {
                    yield return (reference.Id, title ?? (node.IsTrigger ? "trigger" : "step"));
                }
            }
        }
    }

    private IReadOnlyList<TreeReference> References(JsonElement tree)
    {
        try
        {
            return conditions.References(conditions.Parse(tree, string.Empty));
        }
        catch (InvalidInputException)
        {
            // Unfinished; it works with nothing.
            return [];
        }
    }

    private sealed record Row(long Id, string Name, AutomationStatus Status, bool Published, JsonElement Document);
}
