using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Mail.Addresses;
using Millrace.Mail.Imap;
using Millrace.Mail.Mime;
using Millrace.Mail.Returned;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Contracts;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>
/// Reads what came into INBOX since the last look, keeps answers to mails of ours from contacts we know, and notes which of our mails came back; nothing else is fetched
/// beyond a few header fields. How far it has read moves in the transaction that keeps what was found: a crash loses none and keeps none twice. The first look only notes
/// where to begin.
/// </summary>
internal sealed partial class ReadReplies(
    NpgsqlDataSource database, MailboxBounces returned, MailFates fates, IBounces bounces, IActivityLog activities, IPersonalMailCounts counts, IMailHtml html, TimeProvider clock)
{
    private const int Batch = 100;
    private const int MaxMails = 5_000;
    private const int MaxBytes = 1024 * 1024;
    private const int MaxText = 20_000;
    private const string Fields = "MESSAGE-ID IN-REPLY-TO REFERENCES FROM CONTENT-TYPE RETURN-PATH X-FAILED-RECIPIENTS";

    private sealed record Header(uint Uid, string Key, string[] Ids, string From, bool MayBeBounce);

    private sealed record Known(long Id, long ContactId, string Subject, string MessageId, string To, long? AutomationId, string? StepKey);

    private sealed record Person(long Id, string Email);

    private sealed record Answer(Header Header, Known Mail, long ContactId, string Subject, string Text, DateTimeOffset? SentAt);

    private sealed record Stored(long Id, string Key, long MailId, bool IsFirst);

    /// <returns>Answers that were kept, and recipients whose mail came back.</returns>
    public async Task<int> RunAsync(MailboxRow box, ImapConnection connection, CancellationToken cancellationToken)
    {
        var status = await connection.ExamineAsync("INBOX", cancellationToken);
        if (box.UidValidity is null)
        {
            var first = status.UidNext > 0 ? status.UidNext : await connection.SearchAsync("ALL", cancellationToken) is [.., var last] ? last + 1 : 1;
            await MoveAsync(box, status.UidValidity, first, [], [], cancellationToken);
            return 0;
        }

        // Numbered anew: what came since the last look is found by its day; what was kept already is known by its Message-ID.
        var isAnew = box.UidValidity != status.UidValidity;
        var since = (box.ReadAt ?? clock.GetUtcNow()).AddDays(-2).ToString("d-MMM-yyyy", CultureInfo.InvariantCulture);
        var begin = isAnew ? 1 : (uint)box.UidNext!.Value;
        var uids = (await connection.SearchAsync(isAnew ? $"SINCE {since}" : FormattableString.Invariant($"UID {begin}:*"), cancellationToken))
            .Where(u => u >= begin).Take(MaxMails).ToList();
        var kept = 0;
        foreach (var chunk in uids.Chunk(Batch))
        {
            var headers = (await connection.FetchHeadersAsync(chunk, Fields, cancellationToken)).Select(m => Read(box, m)).ToList();
            var back = await returned.ReadAsync(box, connection, [.. headers.Where(h => h.MayBeBounce).Select(h => h.Uid)], cancellationToken);
            var answers = await AnswersAsync(box, connection, [.. headers.Where(h => h.Ids.Length > 0 && h.From.Length > 0)], cancellationToken);
            kept += await MoveAsync(box, status.UidValidity, chunk[^1] + 1, answers, back, cancellationToken);
        }

        if (uids.Count == 0)
        {
            await MoveAsync(box, status.UidValidity, isAnew ? Math.Max(status.UidNext, 1) : begin, [], [], cancellationToken);
        }

        return kept;
    }

    private async Task<List<Answer>> AnswersAsync(MailboxRow box, ImapConnection connection, List<Header> headers, CancellationToken cancellationToken)
    {
        if (headers.Count == 0)
        {
            return [];
        }

        List<Known> mails;
        Dictionary<string, long> people;
        await using (var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken))
        {
            mails = await Sql.Of($"""
                select m.id, m.contact_id, m.subject, m.message_id, lower(r.address), m.automation_id, m.step_key from personal.mail m
                join personal.recipient r on r.account_id = m.account_id and r.mail_id = m.id and r.no = 0
                join contacts.contact c on c.account_id = m.account_id and c.id = m.contact_id
                where m.account_id = {box.AccountId} and m.message_id = any ({headers.SelectMany(h => h.Ids).Distinct().ToArray()})
                """).ListAsync<Known>(work, cancellationToken);
            people = (await Sql.Of($"select id, email from contacts.contact where account_id = {box.AccountId} and email = any ({headers.Select(h => h.From).Distinct().ToArray()})")
                .ListAsync<Person>(work, cancellationToken)).ToDictionary(p => p.Email, p => p.Id, StringComparer.Ordinal);
        }

        var answers = new List<Answer>();
        foreach (var header in headers)
        {
            // The last of the mails it names is the one it answers.
            if (header.Ids.Select(id => mails.Find(m => m.MessageId == id)).LastOrDefault(m => m is not null) is not { } mail)
            {
                continue;
            }

            var contact = header.From == mail.To ? mail.ContactId : people.GetValueOrDefault(header.From);
            if (contact > 0 && await connection.FetchAsync(header.Uid, MaxBytes, cancellationToken) is { } raw)
            {
                var parsed = MimeParser.Parse(raw.Content);
                if (!AutoReply.Is(parsed))
                {
                    var text = parsed.TextBody ?? (parsed.HtmlBody is { } markup ? html.ToText(markup) : "");
                    answers.Add(new(header, mail, contact, html.CleanText(parsed.Subject, 500), html.CleanText(text, MaxText), DateOf(parsed)));
                }
            }
        }

        return answers;
    }

    private async Task<int> MoveAsync(MailboxRow box, uint validity, uint next, List<Answer> answers, IReadOnlyList<MailboxBounce> back, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken);
        if (!await box.IsOursAsync(work, cancellationToken))
        {
            throw new ImapException(ImapFault.Connection, "Another process works on the mailbox now.");
        }

        var stored = answers.Count == 0 ? [] : await Sql.Of($"""
            insert into personal.reply (account_id, mail_id, mailbox_id, contact_id, message_key, from_address, subject, text, sent_at, received_at)
            select {box.AccountId}, a.mail_id, {box.Id}, a.contact_id, a.key, a.sender, a.subject, a.text, a.sent_at, {now}
            from unnest({answers.Select(a => a.Mail.Id).ToArray()}, {answers.Select(a => a.ContactId).ToArray()}, {answers.Select(a => a.Header.Key).ToArray()},
                        {answers.Select(a => a.Header.From).ToArray()}, {answers.Select(a => a.Subject).ToArray()}, {answers.Select(a => a.Text).ToArray()},
                        {answers.Select(a => a.SentAt).ToArray()})
                 with ordinality as a (mail_id, contact_id, key, sender, subject, text, sent_at, no)
            where exists (select 1 from personal.mail m where m.account_id = {box.AccountId} and m.id = a.mail_id)
            order by a.no on conflict do nothing
            returning id, message_key, mail_id, not exists (select 1 from personal.reply o where o.account_id = {box.AccountId} and o.mail_id = reply.mail_id)
            """).ListAsync<Stored>(work, cancellationToken);
        var ids = stored.ToDictionary(s => s.Key, s => s.Id, StringComparer.Ordinal);
        var told = answers.Where(a => ids.ContainsKey(a.Header.Key)).DistinctBy(a => a.Header.Key).Select(a => new DatedActivity(
            new PersonalReplied(a.ContactId, a.Mail.Id, a.Mail.Subject, ids[a.Header.Key], a.Subject), now,
            a.Mail.AutomationId is { } automation ? new ActivityOrigin(automation, a.Mail.StepKey!) : null)).ToList();
        await activities.AppendAsync(work.Transaction, box.AccountId, told, cancellationToken);

        // What is read a second time changes nothing: the address may have been let in again meanwhile.
        var failed = (await fates.ApplyAsync(work.Transaction, box.AccountId, [.. back.Select(b => b.Fate)], now, cancellationToken)).ToHashSet();
        await bounces.StopAsync(
            work.Transaction, box.AccountId, [.. back.Where(b => b.Weight.IsHard && failed.Contains((b.MailId, b.No))).Select(b => b.Address).Distinct(StringComparer.Ordinal)], now,
            cancellationToken);
        await Sql.Of($"""
            update personal.mailbox set uid_validity = {(long)validity}, uid_next = {(long)next}, read_at = {now} where account_id = {box.AccountId} and id = {box.Id}
            """).ExecuteAsync(work, cancellationToken);
        if (stored.Count > 0)
        {
            await counts.AddAsync(
                work.Transaction, box.AccountId, stored[0].MailId,
                [(PersonalMailEvent.Replied, stored.Where(s => s.IsFirst).DistinctBy(s => s.MailId).Count()), (PersonalMailEvent.Replies, stored.Count)], now, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return told.Count + failed.Count;
    }

    private static Header Read(MailboxRow box, ImapMail mail)
    {
        var root = MimeParser.Parse(mail.Content).Root;
        var own = MessageIds.In(root.Header("Message-ID") ?? "").FirstOrDefault("");
        string[] ids = [.. MessageIds.In($"{root.Header("References")} {root.Header("In-Reply-To")}").TakeLast(100)];
        var from = MailboxList.Parse(root.DecodedHeader("From") ?? "", out _) is [var sender] ? sender.Address.Normalised : "";
        return new(
            mail.Uid, own.Length > 0 ? own : FormattableString.Invariant($"uid {box.UidValidity} {mail.Uid}"), ids, from, MailboxBounces.MayBe(root));
    }

    /// <summary>What it says itself; a time in the future or long ago is no time.</summary>
    private DateTimeOffset? DateOf(ParsedMail mail) =>
        DateTimeOffset.TryParse(Comment().Replace(mail.Root.Header("Date") ?? "", ""), CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date > clock.GetUtcNow().AddYears(-5) && date < clock.GetUtcNow().AddDays(1) ? date.ToUniversalTime() : null;

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();
}
