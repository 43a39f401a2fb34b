using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Import;
using Millrace.Contacts.Lists;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;

namespace Millrace.Contacts.BulkImport;

/// <param name="Succeeded">Ids of the contacts, in the order of the request.</param>
internal sealed record BulkOutcome(long[] Succeeded, IReadOnlyList<BulkRefusal> Refused);

/// <summary>
/// Writes one bulk import in the caller's transaction, with the writer of the CSV import: so nobody who left a list or bounced is put back, only what
/// differs is written, and activities are the same.
/// </summary>
internal sealed class BulkImportWriter(BatchWriter writer, Tagging tagging, Subscriptions subscriptions, IAccountSettings accounts)
{
    public async Task<BulkOutcome> WriteAsync(
        AccountTransaction work, long accountId, IReadOnlyList<BulkContact> contacts, CancellationToken cancellationToken)
    {
        var fields = await FieldDefinitions.ByIdAsync(
            work.Transaction, accountId, [.. contacts.SelectMany(c => c.Fields ?? []).Select(f => f!.Id.Value).Distinct()], cancellationToken);
        var zone = (await accounts.GetAsync(accountId, cancellationToken)).TimeZone;
        var rows = new BulkRows(fields, WallClock.Zone(zone));
        foreach (var contact in contacts)
        {
            rows.Add(contact);
        }

        foreach (var group in rows.Groups)
        {
            await writer.WriteAsync(work.Transaction, accountId, 0, await PlanAsync(work, accountId, group, zone, cancellationToken), group.Batch, cancellationToken);
        }

        var ids = (await Sql.Of($"select email, id from contacts.contact where account_id = {accountId} and email = any({rows.Emails.Distinct().ToArray()})")
            .ListAsync<Named>(work, cancellationToken)).ToDictionary(n => n.Email, n => n.Id, StringComparer.Ordinal);
        foreach (var list in rows.Unsubscribed.GroupBy(u => (u.ListId, u.IsQuiet)).OrderBy(g => g.Key.ListId))
        {
            var these = list.Select(u => ids[u.Email]).Distinct().Order().ToArray();
            await subscriptions.UnsubscribeAsync(
                work.Transaction, accountId, these, [list.Key.ListId], ContactSource.Import, reason: null, react: !list.Key.IsQuiet, cancellationToken);
            await subscriptions.AddInactiveAsync(
                work.Transaction, accountId, these, list.Key.ListId, SubscriptionStatus.Unsubscribed, ContactSource.Import, cancellationToken);
        }

        return new BulkOutcome([.. rows.Emails.Distinct().Select(e => ids[e])], rows.Refused);
    }

    private async Task<ImportPlan> PlanAsync(AccountTransaction work, long accountId, BulkGroup group, string zone, CancellationToken cancellationToken) => new()
    {
        Encoding = TextEncodings.Utf8,
        Delimiter = ',',
        HasHeader = false,
        Header = [],
        Columns = [],
        UpdateExisting = true,
        OverwriteWithBlank = false,
        // A list deleted since the request was taken is no reason to lose the contact.
        ListIds = group.Lists.Length == 0 ? [] : await Sql.Of($"select id from contacts.list where account_id = {accountId} and id = any({group.Lists}) order by id")
            .ListAsync<long>(work, cancellationToken),
        ListStatus = SubscriptionStatus.Active,
        TagIds = group.Tags.Length == 0 ? [] : [.. (await tagging.FindOrCreateAsync(work.Transaction, accountId, group.Tags, "tags", cancellationToken)).Select(t => t.Id).Order()],
        TriggerAutomations = !group.IsQuiet,
        TimeZone = zone,
    };

    private sealed record Named(string Email, long Id);
}
