using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Automations;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Composing;

/// <summary>
/// <c>/api/app/contacts/{id}/personal-draft</c>: the mail that the user is writing to a contact. It is kept as it is typed, so a reload loses nothing; sending makes it
/// a mail of the conversation.
/// </summary>
internal sealed class DraftEndpoints : IEndpoint
{
    private const int MaxCopies = 20;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("contacts/{id:long}/personal-draft", ShowAsync).WithName("personal_draft_show").RequirePermission(Permission.ManageContacts);
        routes.App.MapPut("contacts/{id:long}/personal-draft", SaveAsync).WithName("personal_draft_save").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("contacts/{id:long}/personal-draft", DropAsync).WithName("personal_draft_drop").RequirePermission(Permission.ManageContacts);
        routes.App.MapPost("contacts/{id:long}/personal-draft/files", AttachAsync).WithName("personal_draft_attach").RequirePermission(Permission.ManageContacts)
            .Accepts<IFormFile>("application/octet-stream");
        routes.App.MapDelete("contacts/{id:long}/personal-draft/files/{no:int}", DetachAsync).WithName("personal_draft_detach").RequirePermission(Permission.ManageContacts);
        routes.App.MapPost("contacts/{id:long}/personal-draft/send", SendAsync).WithName("personal_draft_send").RequirePermission(Permission.ManageContacts);
    }

    /// <param name="MailboxId">By which of the user's mailboxes; null: his first one, or the account's server when he has none.</param>
    /// <param name="Cc">Addresses divided by commas.</param>
    /// <param name="Body">HTML, or the text itself where <c>is_plain</c>. Tags may stand in it.</param>
    /// <param name="FilesAsLinks">Files go along as links that tell when they are fetched; otherwise attached.</param>
    /// <param name="ReplyTo">Number of the answer that this one answers.</param>
    /// <param name="StartWhenSent">Active automation that the contact enters when the mail has been sent.</param>
    /// <param name="StartWhenReplied">The same for the first answer; only of mails that go by a mailbox, whose answers are seen.</param>
    internal sealed record DraftInput(
        string Subject, string Body, bool IsPlain = false, long? MailboxId = null, string Cc = "", string Bcc = "", bool TrackOpens = true, bool TrackClicks = true,
        bool FilesAsLinks = true, long? ResponseId = null, long? ReplyTo = null, long? StartWhenSent = null, long? StartWhenReplied = null);

    internal sealed record FileView(int No, string Name, int Size);

    internal sealed record FromView(long? MailboxId, string Name, string Address);

    /// <param name="Value">What stands there for this contact; empty blocks sending until a value is given.</param>
    internal sealed record TagView(string Tag, string Value, bool IsMissing);

    /// <param name="Exists">False: nothing has been written yet, and all members have their defaults.</param>
    /// <param name="Froms">Whom the user may write as; the mailboxes where any is connected.</param>
    /// <param name="Refusal">Why this contact cannot be written to: <c>no_address</c>, <c>complaint</c>; null when it can.</param>
    /// <param name="MayAutomate">Whether the user may have contacts enter automations.</param>
    /// <param name="Warning">What receivers may hold against the sender; null: nothing.</param>
    internal sealed record DraftView(
        bool Exists, string To, string Subject, string Body, bool IsPlain, long? MailboxId, string Cc, string Bcc, bool TrackOpens, bool TrackClicks, bool FilesAsLinks,
        long? ResponseId, IReadOnlyList<FileView> Files, IReadOnlyList<TagView> Tags, IReadOnlyList<FromView> Froms, string? Refusal, string? Warning, DateTimeOffset? SavedAt,
        long? StartWhenSent, long? StartWhenReplied, bool MayAutomate);

    /// <param name="Values">What to put in the place of tags the contact has no value for, by tag as it is written: <c>{"%FIRSTNAME%": "Ann"}</c>.</param>
    internal sealed record SendInput(Dictionary<string, string>? Values = null);

    internal sealed record SentView(long Id);

    private static async Task<DraftView> ShowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, MailTags tags, IOutbox outbox, ISenderCheck senders, AutomateMail automate, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ViewAsync(work, account, id, tags, outbox, senders, automate, clock.GetUtcNow(), cancellationToken);
    }

    private static async Task<DraftView> SaveAsync(
        long id, DraftInput request, CurrentAccount account, NpgsqlDataSource database, MailTags tags, IOutbox outbox, ISenderCheck senders, AutomateMail automate, IMailHtml html,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request);
        var now = clock.GetUtcNow();
        var body = request.IsPlain ? request.Body : html.Clean(request.Body, "/body");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var draft = await DraftRow.OpenAsync(work, account.Id, account.UserId, id, now, cancellationToken);
        if ((request.StartWhenSent, request.StartWhenReplied) != (draft.StartWhenSent, draft.StartWhenReplied))
        {
            await automate.CheckAsync(work.Transaction, account, request.StartWhenSent, request.StartWhenReplied, cancellationToken);
        }

        var answered = request.ReplyTo is { } reply
            ? await Sql.Of($"select message_key from personal.reply where account_id = {account.Id} and id = {reply} and contact_id = {id} and message_key like '<%'")
                .FirstAsync<string>(work, cancellationToken)
            : draft.InReplyTo;
        await Sql.Of($"""
            update personal.mail
            set subject = {request.Subject}, html = {(request.IsPlain ? "" : body)}, text = {(request.IsPlain ? body : "")}, is_plain = {request.IsPlain}, mailbox_id = {request.MailboxId},
                cc = {request.Cc}, bcc = {request.Bcc}, track_opens = {request.TrackOpens}, track_clicks = {request.TrackClicks}, files_as_links = {request.FilesAsLinks},
                response_id = {request.ResponseId}, in_reply_to = {answered}, start_when_sent = {request.StartWhenSent},
                start_when_replied = {request.StartWhenReplied}, updated_at = {now}
            where account_id = {account.Id} and id = {draft.Id}
            """).ExecuteAsync(work, cancellationToken);
        var view = await ViewAsync(work, account, id, tags, outbox, senders, automate, now, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    private static async Task<NoContent> DropAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await PersonOf.FindAsync(work, account.Id, id, cancellationToken);
        if (await DraftRow.FindAsync(work, account.Id, account.UserId, id, cancellationToken, locks: true) is { } draft)
        {
            await MailFiles.RemoveAsync(work.Transaction, account.Id, [draft.Id], null, cancellationToken);
            await Sql.Of($"delete from personal.mail where account_id = {account.Id} and id = {draft.Id} and state = 'draft'").ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return TypedResults.NoContent();
    }

    /// <summary>The body is the file itself, as <c>application/octet-stream</c>; at most 10 MB, 20 MB and 20 files together.</summary>
    /// <param name="name">Of the file; folders and what cannot be seen are taken off, and what mailboxes refuse is refused.</param>
    private static async Task<Created<FileView>> AttachAsync(
        long id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, string? name = null)
    {
        await using (var look = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await PersonOf.FindAsync(look, account.Id, id, cancellationToken);
        }

        var clean = MailFiles.Name(name);
        if (request.ContentType?.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new UnsupportedMediaException("Send the file itself, as application/octet-stream.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MailFiles.MaxBytes + 1;
        }

        var content = await ReadAsync(request, cancellationToken);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var draft = await DraftRow.OpenAsync(work, account.Id, account.UserId, id, now, cancellationToken);
        var there = await FilesAsync(work, account.Id, draft.Id, cancellationToken);
        if (there.Count >= MailFiles.MaxCount || there.Sum(f => (long)f.Size) + content.Length > MailFiles.MaxTogether)
        {
            throw new ConflictException("too_many_files", "A mail holds at most 20 files of 20 MB together.");
        }

        var no = (short)(there.Count == 0 ? 1 : there.Max(f => f.No) + 1);
        var file = await MailFiles.StoreAsync(work, account.Id, content, now, cancellationToken);
        await Sql.Of($"""
            insert into personal.mail_file (account_id, mail_id, no, file_id, name, content_type)
            values ({account.Id}, {draft.Id}, {no}, {file}, {clean}, {MailFiles.TypeOf(clean)})
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/contacts/{id}/personal-draft/files/{no}", new FileView(no, clean, content.Length));
    }

    private static async Task<NoContent> DetachAsync(long id, int no, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (no is < 0 or > short.MaxValue || await DraftRow.FindAsync(work, account.Id, account.UserId, id, cancellationToken, locks: true) is not { } draft
            || await MailFiles.RemoveAsync(work.Transaction, account.Id, [draft.Id], (short)no, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Sends the draft as it is stored. 422 <c>tag_without_value</c> names the tags that need one; 409 <c>no_draft</c> when it has gone already.</summary>
    private static async Task<SentView> SendAsync(
        long id, SendInput request, CurrentAccount account, NpgsqlDataSource database, MailTags tags, MailQueue queue, ISenderCheck senders, AutomateMail automate, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var given = request.Values ?? [];
        if (given.Count > 50 || given.Any(g => g.Value is null || g.Value.Length > 1_000 || g.Key.Length > 300))
        {
            throw new InvalidInputException("/values", "too_long", "At most 50 values of 1,000 characters each.");
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var person = await PersonOf.FindAsync(work, account.Id, id, cancellationToken);
        var draft = await DraftRow.FindAsync(work, account.Id, account.UserId, id, cancellationToken, locks: true)
            ?? throw new ConflictException("no_draft", "There is nothing to send: the draft has been sent or dropped.");
        var from = await FromAsync(work, account, draft.MailboxId, senders, cancellationToken);

        // Asked again: an automation can have been switched off since it was chosen.
        await automate.CheckAsync(work.Transaction, account, draft.StartWhenSent, draft.StartWhenReplied, cancellationToken);
        if (draft.StartWhenReplied is not null && from.MailboxId is null)
        {
            throw new InvalidInputException("/start_when_replied", "no_mailbox", "Answers are seen in a connected mailbox only: connect one, or start the automation when the mail is sent.");
        }

        if (!EmailAddress.TryParse(person.Email, out var to, out _, out _))
        {
            throw new InvalidInputException("/to", "no_address", "The contact has no e-mail address.");
        }

        var written = MailTags.Find(draft.Subject, draft.Body);
        var values = await tags.ValuesAsync(work.Transaction, account.Id, id, written, now, cancellationToken);
        var missing = values.Where(v => v.Value.Length == 0 && string.IsNullOrWhiteSpace(given.GetValueOrDefault(v.Tag))).ToList();
        var errors = tags.Problems(draft.Subject, draft.Body, draft.IsPlain).ToList();
        errors.AddRange(missing.Select(m => new FieldError($"/values/{m.Tag}", "tag_without_value", $"The contact has no value for {m.Tag}: give one, or take the tag out.")));
        if (draft.Subject.Trim().Length == 0)
        {
            errors.Add(new("/subject", "required", "A mail needs a subject."));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        var merged = (await tags.MergeAsync(
            work.Transaction, account.Id, draft.Subject, draft.Body, draft.IsPlain, [id], given.Where(g => written.Contains(g.Key, StringComparer.Ordinal) && !string.IsNullOrWhiteSpace(g.Value))
                .ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal), now, cancellationToken))[id];
        var files = await FilesAsync(work, account.Id, draft.Id, cancellationToken);
        if (merged.Text.Trim().Length == 0 && files.Count == 0)
        {
            throw new InvalidInputException("/body", "required", "There is nothing in the mail.");
        }

        var refused = await queue.AddAsync(
            work.Transaction, account.Id,
            [
                new(draft.Id, draft.Guid, id, new Mailbox(to, person.Name.Length > 0 ? person.Name : null), [.. Copies("cc", draft.Cc), .. Copies("bcc", draft.Bcc)], from, merged,
                    draft.TrackClicks, draft.FilesAsLinks ? 0 : files.Sum(f => f.Size)),
            ],
            new SendSource(SendSourceKind.Personal, now), now, cancellationToken);
        if (refused.ContainsKey(draft.Id))
        {
            throw new InvalidInputException("/to", "complaint", "The contact has reported an earlier mail as spam and gets no more mail from here.");
        }

        if (draft.ResponseId is { } response)
        {
            await Sql.Of($"""
                update personal.saved_response set last_sent_user_id = {account.UserId}, last_sent_at = {now} where account_id = {account.Id} and id = {response}
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        queue.Wake();
        return new(draft.Id);
    }

    private static async Task<FromChoice> FromAsync(
        AccountTransaction work, CurrentAccount account, long? mailboxId, ISenderCheck senders, CancellationToken cancellationToken)
    {
        var choices = await Senders.OfAsync(work, account.Id, account.UserId, cancellationToken);
        var first = choices is [var only, ..] ? only : null;
        var from = (mailboxId is null ? first : choices.FirstOrDefault(c => c.MailboxId == mailboxId) ?? first)
            ?? throw new InvalidInputException("/mailbox_id", "no_sender", "Your user has no address to send from.");
        if (!EmailAddress.TryParse(from.Address, out _, out var code, out var message))
        {
            throw new InvalidInputException("/mailbox_id", code, message);
        }

        if (from.MailboxId is null && await senders.FindProblemAsync(work.Transaction, account.Id, from.Address, "/mailbox_id", cancellationToken) is { IsWarning: false } problem)
        {
            throw new InvalidInputException(problem.Path, problem.Code, problem.Message);
        }

        return from;
    }

    private static async Task<DraftView> ViewAsync(
        AccountTransaction work, CurrentAccount account, long contactId, MailTags tags, IOutbox outbox, ISenderCheck senders, AutomateMail automate,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = await PersonOf.FindAsync(work, account.Id, contactId, cancellationToken);
        var draft = await DraftRow.FindAsync(work, account.Id, account.UserId, contactId, cancellationToken);
        var froms = await Senders.OfAsync(work, account.Id, account.UserId, cancellationToken);
        var values = draft is null ? [] : await tags.ValuesAsync(work.Transaction, account.Id, contactId, MailTags.Find(draft.Subject, draft.Body), now, cancellationToken);
        var files = draft is null ? [] : await FilesAsync(work, account.Id, draft.Id, cancellationToken);
        var refusal = string.IsNullOrEmpty(person.Email) ? "no_address"
            : (await outbox.ComplainedAsync(work.Transaction, account.Id, [person.Email.ToLowerInvariant()], cancellationToken)).Count > 0 ? "complaint" : null;
        var warning = froms is [{ MailboxId: null } own, ..]
            ? (await senders.FindProblemAsync(work.Transaction, account.Id, own.Address, "/mailbox_id", cancellationToken))?.Message : null;
        return new(
            draft is not null, person.Email ?? "", draft?.Subject ?? "", draft?.Body ?? "", draft?.IsPlain ?? false, draft?.MailboxId, draft?.Cc ?? "", draft?.Bcc ?? "",
            draft?.TrackOpens ?? true, draft?.TrackClicks ?? true, draft?.FilesAsLinks ?? true, draft?.ResponseId, files,
            [.. values.Select(v => new TagView(v.Tag, v.Value, v.Value.Length == 0))], [.. froms.Select(f => new FromView(f.MailboxId, f.Name, f.Address))], refusal, warning, draft?.UpdatedAt,
            draft?.StartWhenSent, draft?.StartWhenReplied, automate.May(account));
    }

    private static Task<List<FileView>> FilesAsync(AccountTransaction work, long accountId, long mailId, CancellationToken cancellationToken) => Sql.Of($"""
        select a.no::integer, a.name, f.size from personal.mail_file a join personal.file f on f.account_id = a.account_id and f.id = a.file_id
        where a.account_id = {accountId} and a.mail_id = {mailId} order by a.no
        """).ListAsync<FileView>(work, cancellationToken);

    private static IEnumerable<(string Kind, Mailbox Box)> Copies(string kind, string list) => MailboxList.Parse(list, out _).Select(b => (kind, b));

    private static void Check(DraftInput request)
    {
        var errors = new List<FieldError>();
        Length("/subject", request.Subject, 1_000);
        Length("/body", request.Body, 262_144);
        foreach (var (path, list) in new[] { ("/cc", request.Cc), ("/bcc", request.Bcc) })
        {
            Length(path, list, 10_000);
            var boxes = MailboxList.Parse(list, out var problem);
            if (problem is not null)
            {
                errors.Add(new(path, "email_invalid", problem));
            }
            else if (boxes.Count > MaxCopies)
            {
                errors.Add(new(path, "too_many", $"At most {MaxCopies} addresses."));
            }
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        void Length(string path, string text, int most)
        {
            if (text.Length > most)
            {
                errors.Add(new(path, "too_long", $"This takes at most {most} characters."));
            }
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MailFiles.MaxBytes)
        {
            throw new TooLargeException("A file has at most 10 MB.");
        }

        using var whole = new MemoryStream((int)(request.ContentLength ?? 64 * 1024));
        var piece = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (whole.Length + read > MailFiles.MaxBytes)
            {
                throw new TooLargeException("A file has at most 10 MB.");
            }

            whole.Write(piece, 0, read);
        }

        return whole.Length > 0 ? whole.ToArray() : throw new InvalidInputException("/file", "file_empty", "The file is empty.");
    }
}
