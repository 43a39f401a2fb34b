using System.ComponentModel;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Npgsql;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Integrations.Webhooks;

/// <summary>Posts the contact's data to a URL. The contact goes on at once; the outcome is in the delivery log.</summary>
[AutomationAction("webhook.post", Title = "Post to a webhook", Group = "Sending", Icon = "webhook", Description = "Sends the contact's data to a URL of yours.",
    NotSimulated = "A simulation posts nothing; the contact goes on at once, as it always does.")]
internal sealed class PostWebhookAction(SafeHttp http, IMerge merge, WorkSignal signal) : AutomationAction<PostWebhookAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Address to post to, https. The body is form-encoded: seriesid, contact[email], contact[fields][...]. May hold personalization tags behind its host."), Editor("url"), Template, MaxCharacters(2_048)]
        public required string Url { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var bodies = await ContactForm.BuildAsync(batch.Transaction, batch.AccountId, batch.ContactIds, cancellationToken);
        // A contact that was deleted in the meantime has nothing to send.
        var runs = batch.Runs.Where(r => bodies.ContainsKey(r.ContactId)).ToList();
        var urls = await merge.MergeAsync(
            batch.Transaction, batch.AccountId, batch.Settings.Url, MergePlace.Url, [.. runs.Select(r => r.ContactId).Distinct()], batch.Now, cancellationToken);
        runs = [.. runs.Where(r => urls.ContainsKey(r.ContactId))];
        await Sql.Of($"""
            insert into integrations.webhook_delivery
                (account_id, bucket, contact_id, automation_id, step_key, run_id, visit_no, url, body, next_at, created_at)
            select {batch.AccountId}, kernel.bucket_of({batch.AccountId}, r.contact_id), r.contact_id, {batch.AutomationId}, {batch.StepKey},
                   r.run_id, r.visit_no, r.url, r.body, {batch.Now}, {batch.Now}
            from unnest({runs.Select(r => r.ContactId).ToArray()}, {runs.Select(r => r.RunId).ToArray()}, {runs.Select(r => r.VisitNo).ToArray()},
                        {runs.Select(r => $"seriesid={batch.AutomationId}&{bodies[r.ContactId]}").ToArray()}, {runs.Select(r => urls[r.ContactId]).ToArray()}) as r (contact_id, run_id, visit_no, body, url)
            on conflict (account_id, run_id, visit_no) do nothing
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        signal.Pulse(nameof(DeliverWebhooks));
        return batch.All(StepOutcome.Continue);
    }

    /// <summary>A call that is under way as we speak may still reach the other side; then its outcome says so.</summary>
    public override Task WithdrawAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken)
    {
        var only = runIds is null ? Sql.Empty : Sql.Of($"and run_id = any ({runIds.ToArray()})");
        return Sql.Of($"""
            update integrations.webhook_delivery set state = 'cancelled', next_at = null, problem = 'automation_stopped'
            where account_id = {accountId} and automation_id = {automationId} and next_at is not null {only}
            """).ExecuteAsync(transaction, cancellationToken);
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (merge.Problem(settings.Url, MergePlace.Url) is { } problem)
        {
            yield return ("/url", problem);
        }
        else if (http.Reason(merge.Sample(settings.Url)) is { } reason)
        {
            yield return ("/url", reason);
        }
    }
}
