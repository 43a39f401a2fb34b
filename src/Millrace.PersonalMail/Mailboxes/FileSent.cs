using Millrace.Kernel.Data;
using Millrace.Mail.Imap;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>
/// Puts a copy of what was sent into the mailbox's folder of sent mail. Before that it asks the folder for the Message-ID: so neither a crash between the copy and
/// its commit nor a provider that files by itself makes a second one. The copy has no pixel and no counted links.
/// </summary>
internal sealed class FileSent(NpgsqlDataSource database, MailBody body, TimeProvider clock)
{
    private const int Batch = 20;

    private sealed record Due(long Id, string MessageId);

    public async Task<int> RunAsync(MailboxRow box, ImapConnection connection, CancellationToken cancellationToken)
    {
        List<Due> due;
        await using (var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken))
        {
            due = await Sql.Of($"""
                select id, message_id from personal.mail where account_id = {box.AccountId} and mailbox_id = {box.Id} and filing = 'due' order by id limit {Batch}
                """).ListAsync<Due>(work, cancellationToken);
        }

        if (due.Count == 0)
        {
            return 0;
        }

        var folder = SentFolders.Find(await connection.ListAsync(cancellationToken), box.SentFolder);
        if (folder is null)
        {
            folder = box.SentFolder ?? "Sent";
            await connection.CreateAsync(folder, cancellationToken);
        }

        foreach (var one in due)
        {
            await connection.ExamineAsync(folder, cancellationToken);
            if ((await connection.SearchMessageIdAsync(one.MessageId, cancellationToken)).Count == 0)
            {
                MailShelf shelf;
                await using (var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken))
                {
                    shelf = await MailShelf.LoadAsync(work.Transaction, [(box.AccountId, one.Id)], cancellationToken);
                }

                var key = (box.AccountId, one.Id);
                var mail = shelf.Mails[key];
                using var bytes = MailBody.ToBytes(body.Write(mail, shelf.Recipients[key], [.. shelf.Files[key]], [.. shelf.Links[key]], counted: false), mail.QueuedAt);
                await connection.AppendAsync(folder, bytes.Memory, mail.QueuedAt, cancellationToken);
            }

            await using var done = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken);
            if (!await box.IsOursAsync(done, cancellationToken))
            {
                return 0;
            }

            await Sql.Of($"update personal.mail set filing = 'done', updated_at = {clock.GetUtcNow()} where account_id = {box.AccountId} and id = {one.Id} and filing = 'due'")
                .ExecuteAsync(done, cancellationToken);
            await done.CommitAsync(cancellationToken);
        }

        return due.Count;
    }
}
