using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.PersonalMail.Sending;

/// <summary>Gives the account's own sending server the mails it is to send, and hears what became of them.</summary>
internal sealed class PersonalLetters(MailBody body, MailFates fates) : ILetters
{
    public async Task<IReadOnlyDictionary<(long AccountId, long MailId), LetterContent?>> LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long MailId)> mails, long room, bool atLeastOne, CancellationToken cancellationToken)
    {
        var sizes = await MailShelf.SizesAsync(transaction, mails, cancellationToken);
        var fits = new List<(long, long)>();
        foreach (var mail in mails.Where(sizes.ContainsKey))
        {
            if (sizes[mail] <= room || (atLeastOne && fits.Count == 0))
            {
                room -= sizes[mail];
                fits.Add(mail);
            }
        }

        var shelf = await MailShelf.LoadAsync(transaction, fits, cancellationToken);
        return mails.Where(sizes.ContainsKey).Distinct().ToDictionary(m => m, m => shelf.Mails.TryGetValue(m, out var mail)
            ? body.Write(mail, shelf.Recipients[m], [.. shelf.Files[m]], [.. shelf.Links[m]]) : null);
    }

    public async Task<IReadOnlyDictionary<long, string>> SubjectsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<long> mailIds, CancellationToken cancellationToken) =>
        (await Sql.Of($"select id, subject from personal.mail where account_id = {accountId} and id = any ({mailIds.ToArray()})")
            .ListAsync<Titled>(transaction, cancellationToken)).ToDictionary(m => m.Id, m => m.Subject);

    private sealed record Titled(long Id, string Subject);

    public Task TellAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<LetterNews> news, DateTimeOffset now, CancellationToken cancellationToken) =>
        fates.ApplyAsync(
            transaction, accountId, [.. news.Select(n => new Fate(n.MailId, n.RecipientNo, StateOf(n.Fate), null, n.Reason, n.Reply))], now, cancellationToken);

    private static string StateOf(LetterFate fate) => fate switch
    {
        LetterFate.Sent => "sent",
        LetterFate.Delayed => "deferred",
        LetterFate.Refused => "refused",
        LetterFate.Unknown => "unknown",
        _ => "failed",
    };
}
