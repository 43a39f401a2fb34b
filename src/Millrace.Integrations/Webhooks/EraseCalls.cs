using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Integrations.Webhooks;

/// <summary>
/// With a person goes what was told of them: address, body, header fields and answer of each call that is over. A call that is still to be made is made first: a step
/// before the one that deletes may have asked for it.
/// </summary>
internal sealed class EraseCalls : IErasesPeople
{
    public async Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var calls = (await Sql.Of($"""
            select id, next_at is null from integrations.webhook_delivery
            where account_id = {erasure.AccountId} and contact_id = any ({erasure.ContactIds}) and forgotten_at is null
            union
            select id, next_at is null from integrations.webhook_delivery
            where account_id = {erasure.AccountId} and person = any ({erasure.Addresses}) and created_at <= {erasure.Before.AddHours(1)}
            """).ListAsync<Call>(erasure.Transaction, cancellationToken)).ToLookup(c => c.IsOver, c => c.Id);
        await Sql.Of($"""
            update integrations.webhook_delivery
            set url = regexp_replace(url, '^(https?://[^/?#]+).*$', '\1/'), body = '', headers = null, answer = null, person = null, forgotten_at = {erasure.Now}
            where account_id = {erasure.AccountId} and id = any ({calls[true].Order().ToArray()}) and next_at is null
            """).ExecuteAsync(erasure.Transaction, cancellationToken);
        return !calls[false].Any();
    }

    private sealed record Call(long Id, bool IsOver);
}
