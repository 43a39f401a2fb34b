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
        foreach (var (owner, key, _, node) in nodes.Trees((JsonObject)JsonNode.Parse(row.Document.GetRawText())!))
        {
            foreach (var reference in References(JsonElement.Parse(owner[key]!.ToJsonString())).Where(r => r.Source == Source))
            {
                yield return (reference.Id, TitleOf(node));
            }
        }
    }

    private string TitleOf(DocumentNode? node) => node?.Json["type"]?.ToString() switch
    {
        null => node is null ? "exit conditions" : "step",
        var type when node.IsTrigger => triggers.Find(type)?.Title ?? "trigger",
        var type => actions.Find(type)?.Title ?? "step",
    };

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
