using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;

namespace Millrace.PersonalMail.Composing;

/// <summary>With a contact go the mails that were written to them, the answers, and files that no other mail has.</summary>
internal sealed class ForgetDeleted(IOutbox outbox) : IReaction
{
    public IReadOnlySet<string>? Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "contact.deleted" };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        // The activity is about a contact that is gone, so its subject is the number.
        var contacts = batch.Entries.Select(e => e.ContactId > 0 ? e.ContactId : e.SubjectId ?? 0).Where(c => c > 0).Distinct().ToArray();
        var mails = (await Sql.Of($"select id from personal.mail where account_id = {batch.AccountId} and contact_id = any ({contacts})")
            .ListAsync<long>(batch.Transaction, cancellationToken)).ToArray();
        if (mails.Length == 0)
        {
            return;
        }

        await outbox.CancelSourcesAsync(batch.Transaction, batch.AccountId, SendSourceKind.Personal, mails, cancellationToken);
        await Sql.Of($"delete from personal.reply where account_id = {batch.AccountId} and mail_id = any ({mails})").ExecuteAsync(batch.Transaction, cancellationToken);
        await Sql.Of($"delete from personal.mail_link where account_id = {batch.AccountId} and mail_id = any ({mails})").ExecuteAsync(batch.Transaction, cancellationToken);
        await Sql.Of($"delete from personal.recipient where account_id = {batch.AccountId} and mail_id = any ({mails})").ExecuteAsync(batch.Transaction, cancellationToken);
        await MailFiles.RemoveAsync(batch.Transaction, batch.AccountId, mails, null, cancellationToken);
        await Sql.Of($"delete from personal.mail where account_id = {batch.AccountId} and id = any ({mails})").ExecuteAsync(batch.Transaction, cancellationToken);
    }
}
