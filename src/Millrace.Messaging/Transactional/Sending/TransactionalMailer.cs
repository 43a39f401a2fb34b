using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Senders;
using Npgsql;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>What became of one mail that was handed in.</summary>
/// <param name="Note">Something the caller should know although the mail was taken; null mostly.</param>
internal sealed record MailTaken(long MailId, Guid Guid, DateTimeOffset At, MailRefusal? Refusal = null, string? Note = null)
{
    public static MailTaken Refused(MailRefusal refusal, DateTimeOffset now) => new(0, Guid.Empty, now, refusal);
}

/// <summary>
/// Takes mails in: each is stored as it is, with a row of the ledger for every recipient, in the caller's transaction. Nothing goes out before its commit,
/// and <see cref="IOutbox.Wake"/> after it spares a second.
/// </summary>
internal sealed class TransactionalMailer(SenderPolicy senders, TimeProvider clock)
{
    /// <summary>One answer per item, in order. What is wrong with one mail does not touch the others.</summary>
    public async Task<IReadOnlyList<MailTaken>> TakeAsync(
        NpgsqlTransaction transaction, long accountId, MailSpace space, IReadOnlyList<(OutgoingMail? Mail, MailRefusal? Refusal)> items, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answers = items.Select(i => i.Refusal is { } refusal ? MailTaken.Refused(refusal, now) : null).ToArray();
        var streams = (await StreamRow.ListAsync(transaction, accountId, space.Id, cancellationToken)).ToDictionary(s => s.Key, StringComparer.Ordinal);
        var ready = new List<Draft>();
        var senderProblems = new Dictionary<string, MailRefusal?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Mail is not { } mail)
            {
                continue;
            }

            var stream = streams.GetValueOrDefault(mail.Stream.ToLowerInvariant());
            answers[i] = Refuse(stream, mail.Stream) is { } refusal ? MailTaken.Refused(refusal, now)
                : await SenderProblemAsync(transaction, accountId, mail, senderProblems, cancellationToken) is { } problem ? MailTaken.Refused(problem, now)
                : null;
            if (answers[i] is null)
            {
                ready.Add(new Draft(i, mail, stream!, NewGuid()));
            }
        }

        await FindInactiveAsync(transaction, accountId, ready, cancellationToken);
        foreach (var draft in ready.Where(d => d.Inactive.Count == d.Recipients.Count))
        {
            answers[draft.Index] = MailTaken.Refused(
                new MailRefusal(MailRefusal.Inactive, $"Nothing was sent: the stream has suppressed every recipient. Found inactive addresses: {draft.InactiveText}. Inactive recipients bounced, complained or were taken out by hand."), now);
        }

        ready.RemoveAll(d => answers[d.Index] is not null);
        if (ready.Count > 0)
        {
            var ids = await StoreAsync(transaction, accountId, space, ready, now, cancellationToken);
            foreach (var draft in ready)
            {
                answers[draft.Index] = new MailTaken(
                    ids[draft.Guid], draft.Guid, now, Note: draft.Inactive.Count == 0 ? null : $"Message OK, but not delivered to these inactive addresses: {draft.InactiveText}");
            }
        }

        return answers!;
    }

    private static MailRefusal? Refuse(StreamRow? stream, string key) =>
        stream is null or { IsArchived: true } ? new MailRefusal(MailRefusal.StreamUnknown, $"This server has no active message stream \"{(key.Length > 50 ? key[..50] : key)}\".")
        : stream.Kind == StreamKind.Inbound ? new MailRefusal(MailRefusal.StreamOfOtherKind, $"The message stream \"{stream.Key}\" takes mail in; nothing can be sent through it.")
        : null;

    private async Task<MailRefusal?> SenderProblemAsync(
        NpgsqlTransaction transaction, long accountId, OutgoingMail mail, Dictionary<string, MailRefusal?> known, CancellationToken cancellationToken)
    {
        var domain = mail.From.Address.Domain;
        if (!known.TryGetValue(domain, out var refusal))
        {
            refusal = await senders.FindProblemAsync(transaction, accountId, mail.From.Address.Value, "/from", cancellationToken) is { IsWarning: false } problem
                ? new MailRefusal(MailRefusal.SenderNotVerified, problem.Message)
                : null;
            known[domain] = refusal;
        }

        return refusal;
    }

    private static async Task FindInactiveAsync(NpgsqlTransaction transaction, long accountId, List<Draft> drafts, CancellationToken cancellationToken)
    {
        var (streams, addresses) = (drafts.SelectMany(d => d.Recipients.Select(_ => d.Stream.Id)).ToArray(), drafts.SelectMany(d => d.Recipients.Select(r => r.Key)).ToArray());
        if (streams.Length == 0)
        {
            return;
        }

        var found = (await Sql.Of($"""
            select distinct x.stream_id, x.address
            from unnest({streams}, {addresses}) as w (stream_id, address)
            join messaging.stream_suppression x on x.account_id = {accountId} and x.stream_id = w.stream_id and x.address = w.address
            """).ListAsync<Suppressed>(transaction, cancellationToken)).ToHashSet();
        foreach (var draft in drafts)
        {
            draft.Inactive.UnionWith(draft.Recipients.Select(r => r.Key).Where(key => found.Contains(new(draft.Stream.Id, key))));
        }
    }

    private static async Task<Dictionary<Guid, long>> StoreAsync(
        NpgsqlTransaction transaction, long accountId, MailSpace space, List<Draft> drafts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mails = drafts.Select(d => d.Mail).ToList();
        var tracking = mails.Select(m => m.TrackLinks ?? space.TrackLinks).ToList();
        var stored = (await Sql.Of($"""
            insert into messaging.mail (account_id, guid, server_id, stream_id, template_id, from_name, from_address, reply_to, subject, html, text, tag, metadata, headers,
                track_opens, track_links, size, submitted_at)
            select {accountId}, guid, {space.Id}, stream_id, nullif(template_id, 0), from_name, from_address, reply_to, subject, html, text, tag, metadata, headers, track_opens,
                   track_links, size, {now}
            from unnest({drafts.Select(d => d.Guid).ToArray()}, {drafts.Select(d => d.Stream.Id).ToArray()}, {mails.Select(m => m.TemplateId ?? 0).ToArray()},
                        {mails.Select(m => m.From.Name ?? "").ToArray()}, {mails.Select(m => m.From.Address.Value).ToArray()},
                        {mails.Select(m => m.ReplyTo is { } r ? MailboxList.Write(r) : "").ToArray()}, {mails.Select(m => m.Subject).ToArray()}, {mails.Select(m => m.Html).ToArray()},
                        {mails.Select(m => m.Text).ToArray()}, {mails.Select(m => m.Tag).ToArray()},
                        {JsonText.Array([.. mails.Select(m => JsonSerializer.Serialize(m.Metadata))])},
                        {JsonText.Array([.. mails.Select(m => JsonSerializer.Serialize(m.Headers))])},
                        {mails.Select(m => m.TrackOpens ?? space.TrackOpens).ToArray()}, {tracking.Select(EnumNames<LinkTracking>.NameOf).ToArray()},
                        {mails.Select(m => m.Size).ToArray()})
                 with ordinality as m (guid, stream_id, template_id, from_name, from_address, reply_to, subject, html, text, tag, metadata, headers, track_opens, track_links, size, no)
            order by no
            returning guid, id
            """).ListAsync<Stored>(transaction, cancellationToken)).ToDictionary(s => s.Guid, s => s.Id);
        await StoreRecipientsAsync(transaction, accountId, space, drafts, stored, now, cancellationToken);
        await StoreFilesAsync(transaction, accountId, drafts, stored, cancellationToken);
        var links = drafts.SelectMany((d, i) => MailLinks.Find(d.Mail.Html, d.Mail.Text, tracking[i]).Select((url, no) => (Mail: stored[d.Guid], No: (short)(no + 1), Url: url))).ToList();
        if (links.Count > 0)
        {
            await Sql.Of($"""
                insert into messaging.mail_link (account_id, mail_id, no, url)
                select {accountId}, * from unnest({links.Select(l => l.Mail).ToArray()}, {links.Select(l => l.No).ToArray()}, {links.Select(l => l.Url).ToArray()}) l
                """).ExecuteAsync(transaction, cancellationToken);
        }

        return stored;
    }

    /// <summary>Recipients, their rows of the ledger, and the first event of each: together, for they point at each other.</summary>
    private static Task<int> StoreRecipientsAsync(
        NpgsqlTransaction transaction, long accountId, MailSpace space, List<Draft> drafts, Dictionary<Guid, long> stored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = drafts.SelectMany(d => d.Recipients.Select((r, no) => (
            Mail: stored[d.Guid], No: (short)no, r.Kind, r.Name, r.Address, r.Key, Goes: !d.Inactive.Contains(r.Key), Lane: (short)(d.Stream.Kind == StreamKind.Broadcasts ? 3 : 1)))).ToList();
        return Sql.Of($"""
            with r as materialized (
                select r.*, (select c.id from contacts.contact c where c.account_id = {accountId} and c.email = r.key limit 1) as contact_id
                from unnest({rows.Select(r => r.Mail).ToArray()}, {rows.Select(r => r.No).ToArray()}, {rows.Select(r => r.Kind).ToArray()}, {rows.Select(r => r.Name).ToArray()},
                            {rows.Select(r => r.Address).ToArray()}, {rows.Select(r => r.Key).ToArray()}, {rows.Select(r => r.Goes).ToArray()}, {rows.Select(r => r.Lane).ToArray()})
                     as r (mail_id, no, kind, name, address, key, goes, lane)),
            s as (
                insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, recipient_no, to_address, queued_at, next_at)
                select {accountId}, kernel.bucket_of({accountId}, mail_id), lane, 0, {space.MessageId}, {space.VersionId}, 'transactional', mail_id, no, address, {now}, {now}
                from r where goes order by mail_id, no
                returning source_id, recipient_no, id),
            n as (
                insert into messaging.mail_recipient (account_id, mail_id, no, kind, name, address, address_key, contact_id, send_id)
                select {accountId}, r.mail_id, r.no, r.kind, r.name, r.address, r.key, r.contact_id, s.id from r left join s on s.source_id = r.mail_id and s.recipient_no = r.no)
            insert into messaging.mail_event (account_id, mail_id, recipient_no, kind, occurred_at)
            select {accountId}, mail_id, no, case when goes then 'submitted' else 'suppressed' end, {now} from r order by mail_id, no
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private static async Task StoreFilesAsync(
        NpgsqlTransaction transaction, long accountId, List<Draft> drafts, Dictionary<Guid, long> stored, CancellationToken cancellationToken)
    {
        var files = drafts.SelectMany(d => d.Mail.Files.Select((f, no) => (Mail: stored[d.Guid], No: (short)no, File: f))).ToList();
        if (files.Count > 0)
        {
            await Sql.Of($"""
                insert into messaging.mail_file (account_id, mail_id, no, name, content_type, content_id, content)
                select {accountId}, * from unnest({files.Select(f => f.Mail).ToArray()}, {files.Select(f => f.No).ToArray()}, {files.Select(f => f.File.Name).ToArray()},
                    {files.Select(f => f.File.ContentType).ToArray()}, {files.Select(f => f.File.ContentId).ToArray()}, {files.Select(f => f.File.Content.ToArray()).ToArray()}) f
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    /// <summary>Random, in the shape of version 4.</summary>
    private static Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        (bytes[6], bytes[8]) = ((byte)((bytes[6] & 0x0F) | 0x40), (byte)((bytes[8] & 0x3F) | 0x80));
        return new Guid(bytes, bigEndian: true);
    }

    private sealed record Suppressed(long StreamId, string Address);

    private sealed record Stored(Guid Guid, long Id);

    private sealed record Recipient(string Kind, string Name, string Address, string Key);

    private sealed class Draft(int index, OutgoingMail mail, StreamRow stream, Guid guid)
    {
        public int Index { get; } = index;

        public OutgoingMail Mail { get; } = mail;

        public StreamRow Stream { get; } = stream;

        public Guid Guid { get; } = guid;

        /// <summary>Each address once, in the first of its places.</summary>
        public List<Recipient> Recipients { get; } =
        [
            .. mail.To.Select(m => (Kind: "to", Box: m)).Concat(mail.Cc.Select(m => (Kind: "cc", Box: m))).Concat(mail.Bcc.Select(m => (Kind: "bcc", Box: m)))
                .DistinctBy(r => r.Box.Address.Normalised, StringComparer.Ordinal)
                .Select(r => new Recipient(r.Kind, r.Box.Name ?? "", r.Box.Address.Value, r.Box.Address.Normalised)),
        ];

        public HashSet<string> Inactive { get; } = new(StringComparer.Ordinal);

        public string InactiveText => string.Join(", ", Recipients.Where(r => Inactive.Contains(r.Key)).Select(r => r.Address));
    }
}
