using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Accounts.Contracts;
using Millrace.Automations.Entry;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>Publishes drafts, switches automations on and off. Each in the caller's transaction.</summary>
internal sealed class Publishing(
    FlowChecks checks, FlowCache flows, DocumentNodes nodes, PeopleInside inside, Catalogue<AutomationAction> actions, IAudit audit, TimeProvider clock)
{
    private const int MaxNote = 1_000;

    /// <summary>Makes an immutable version of the draft. Contacts inside go on in it.</summary>
    /// <exception cref="InvalidInputException">Everything that forbids publishing.</exception>
    /// <param name="note">Why, in the publisher's words; shown with the version.</param>
    public async Task<Published> PublishAsync(
        AccountTransaction work, long accountId, long id, long? userId, CancellationToken cancellationToken, string? note = null)
    {
        var said = note?.Trim() ?? string.Empty;
        if (said.Length > MaxNote || said.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidInputException("/note", "length", $"A note has at most {MaxNote} characters.");
        }

        var row = await AutomationRow.LockAsync(work.Transaction, accountId, id, cancellationToken);
        var (flow, problems) = await checks.CheckAsync(work, accountId, id, row.Draft, cancellationToken);
        if (problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.AsError()).ToList() is { Count: > 0 } errors)
        {
            throw new InvalidInputException(errors);
        }

        var document = await FreezeAsync(work, accountId, id, row.Draft, unfinished: null, cancellationToken);
        var now = clock.GetUtcNow();
        var number = await Sql.Of($"""
            with next as (select coalesce(max(number), 0) + 1 as number from automations.version where account_id = {accountId} and automation_id = {id}),
                 made as (insert into automations.version (account_id, automation_id, number, document, published_by, published_at, note)
                          select {accountId}, {id}, number, {document}, {userId}, {now}, {said} from next returning number)
            update automations.automation a set published_version = made.number, published_draft = a.draft - 'notes', updated_at = {now}
            from made where a.account_id = {accountId} and a.id = {id}
            returning made.number
            """).FirstAsync<int>(work, cancellationToken);
        await Blocks.KeepAsync(work.Transaction, accountId, id, flow, now, cancellationToken);
        if (row.Status == AutomationStatus.Active)
        {
            await EnterBySchedule.SyncAsync(work.Transaction, accountId, id, flow, now, cancellationToken);
        }

        var moves = row.PublishedVersion is { } before
            ? await MoveAsync(work, accountId, id, before, flow, cancellationToken)
            : [];
        await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
        await audit.AppendAsync(work.Transaction, accountId, userId, "automation.publish", "automation", id, new { version = number }, cancellationToken);
        return new Published(number, moves, [.. problems]);
    }

    /// <summary>What publishing the draft would do, without doing it.</summary>
    public async Task<PublishPreview> PreviewAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.ReadAsync(work.Transaction, accountId, id, cancellationToken);
        var (flow, problems) = await checks.CheckAsync(work, accountId, id, row.Draft, cancellationToken);
        var moves = row.PublishedVersion is { } before ? await inside.MovesAsync(work, accountId, id, before, flow, cancellationToken) : [];
        return new PublishPreview(moves, problems);
    }

    /// <summary>Lets contacts in again, and those inside go on; what was due meanwhile is done at once.</summary>
    /// <exception cref="ConflictException">409 <c>not_published</c>.</exception>
    public async Task ActivateAsync(AccountTransaction work, long accountId, long id, long? userId, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.LockAsync(work.Transaction, accountId, id, cancellationToken);
        if (row.PublishedVersion is null)
        {
            throw new ConflictException("not_published", "Publish the automation first.");
        }

        if (row.Status == AutomationStatus.Active)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await Sql.Of($"""
            update automations.automation set status = 'active', active_since = {now}, updated_at = {now} where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update automations.run set frozen = false where account_id = {accountId} and automation_id = {id} and frozen
            """).ExecuteAsync(work, cancellationToken);

        var flow = (await flows.LoadAsync(work.Transaction, accountId, [(id, row.PublishedVersion.Value)], cancellationToken)).GetValueOrDefault(id);
        await EnterBySchedule.SyncAsync(work.Transaction, accountId, id, flow, now, cancellationToken);

        // What happened while it was off nudged nobody.
        await NudgeWaiting.AllAsync(work.Transaction, accountId, id, null, cancellationToken);
        await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
        await audit.AppendAsync(work.Transaction, accountId, userId, "automation.activate", "automation", id, new { version = row.PublishedVersion }, cancellationToken);
    }

    /// <summary>Stops everybody where they stand. Mails of steps they have passed still go out: the steps are not taken a second time.</summary>
    public async Task DeactivateAsync(AccountTransaction work, long accountId, long id, long? userId, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.LockAsync(work.Transaction, accountId, id, cancellationToken);
        if (row.Status == AutomationStatus.Active)
        {
            await Sql.Of($"""
                update automations.automation set status = 'inactive', updated_at = {clock.GetUtcNow()} where account_id = {accountId} and id = {id}
                """).ExecuteAsync(work, cancellationToken);
            await EnterBySchedule.SyncAsync(work.Transaction, accountId, id, null, clock.GetUtcNow(), cancellationToken);
            await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
            await audit.AppendAsync(work.Transaction, accountId, userId, "automation.deactivate", "automation", id, null, cancellationToken);
        }
    }

    /// <summary>Lets each step put aside what it needs outside of the document.</summary>
    /// <param name="unfinished">Steps to leave as they are, with those that refuse: for who only looks; null: everything must be in order.</param>
    public async Task<JsonElement> FreezeAsync(
        AccountTransaction work, long accountId, long id, JsonElement draft, IReadOnlyCollection<string>? unfinished, CancellationToken cancellationToken)
    {
        var document = (JsonObject)JsonNode.Parse(draft.GetRawText())!;
        foreach (var node in nodes.All(document).Where(n => !n.IsTrigger && unfinished?.Contains(n.Json["id"]!.GetValue<string>()) != true).ToList())
        {
            var action = actions.Find(node.Json["type"]!.GetValue<string>())!;
            var given = JsonElement.Parse(node.Json.ToJsonString());
            JsonElement kept;
            try
            {
                kept = await action.PublishAsync(work.Transaction, accountId, id, node.Json["id"]!.GetValue<string>(), given, cancellationToken);
            }
            catch (InvalidInputException) when (unfinished is not null)
            {
                continue;
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException([.. e.Errors.Select(error => error with { Path = $"{node.Pointer}/{error.Path.TrimStart('/')}" })]);
            }

            // Id, type and branches stay as they are; the rest is what the step says.
            HashSet<string> frame = ["id", "type", .. node.Branches];
            foreach (var name in node.Json.Select(m => m.Key).Where(k => !frame.Contains(k)).ToList())
            {
                node.Json.Remove(name);
            }

            foreach (var member in kept.EnumerateObject().Where(m => !frame.Contains(m.Name)))
            {
                node.Json[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }

        return JsonElement.Parse(document.ToJsonString());
    }

    /// <summary>Has the engine look again at everybody whom the new version concerns, and tells what becomes of them.</summary>
    private async Task<List<StepMove>> MoveAsync(
        AccountTransaction work, long accountId, long id, int before, Flow present, CancellationToken cancellationToken)
    {
        if ((await flows.LoadAsync(work.Transaction, accountId, [(id, before)], cancellationToken)).TryGetValue(id, out var old))
        {
            var all = present.Goals.Any(g => old.Find(g.Step.Key)?.Raw != g.Step.Raw) || (present.Exit is { } exit && exit.Raw != old.Exit?.Raw);
            var changed = old.Steps.Where(s => present.Find(s.Key) is not { } same || (same.Shape is "wait" or "goal" && same.Raw != s.Raw)).Select(s => s.Key).ToList();
            await NudgeWaiting.AllAsync(work.Transaction, accountId, id, all ? null : changed, cancellationToken);
        }

        return await inside.MovesAsync(work, accountId, id, before, present, cancellationToken);
    }
}

/// <summary>What publishing did.</summary>
/// <param name="Inside">Contacts inside, by the step they stood on.</param>
/// <param name="Problems">Warnings.</param>
internal sealed record Published(int Version, IReadOnlyList<StepMove> Inside, IReadOnlyList<FlowProblem> Problems);

/// <summary>What publishing would do.</summary>
/// <param name="Inside">Contacts inside, by the step they stand on.</param>
/// <param name="Problems">Errors forbid it.</param>
internal sealed record PublishPreview(IReadOnlyList<StepMove> Inside, IReadOnlyList<FlowProblem> Problems);
