using System.ComponentModel;
using System.Net;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Composing;
using Millrace.PersonalMail.Contracts;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Automations;

/// <summary>Whose mail it is.</summary>
internal enum PersonalSender
{
    [Label("The contact's owner")]
    Owner,

    [Label("A certain user")]
    User,
}

/// <summary>
/// Writes to each contact of the batch as a colleague would: by the user's connected mailbox, or by the account's server with the user's address while there is none.
/// No list is needed and no way out is added; who once called a mail spam gets nothing.
/// </summary>
[AutomationAction("personal.send", Title = "Send a 1:1 e-mail", Group = "Sending", Description = "Writes to the contact in a colleague's name, from their mailbox.", Icon = "mail")]
internal sealed class SendPersonalMailAction(MailTags tags, MailQueue queue, IOutbox outbox) : AutomationAction<SendPersonalMailAction.Settings>
{
    internal sealed record Settings
    {
        [Description("In whose name it goes."), Label("From")]
        public PersonalSender From { get; init; } = PersonalSender.Owner;

        [Description("The user whose mail it is; also for contacts that have no owner."), Picker("user"), Label("User"), Says("")]
        public long? User { get; init; }

        [Description("Subject of the mail."), Template, MaxCharacters(1000)]
        public required string Subject { get; init; }

        [Description("What it says. Empty lines divide paragraphs."), Template(Long = true), MaxCharacters(50_000), Says("")]
        public required string Body { get; init; }

        [Description("Count opens."), Says("")]
        public bool TrackOpens { get; init; } = true;

        [Description("Count clicks on links."), Says("")]
        public bool TrackClicks { get; init; } = true;
    }

    private sealed record Person(long ContactId, string? Email, string Name, long? UserId, string? UserName, string? UserEmail, long? MailboxId, string? MailboxName, string? MailboxEmail);

    private sealed record Made(long Id, Guid Guid, long RunId, int VisitNo);

    private sealed record Sent(long ContactId, long Id, string Subject, long UserId, long? MailboxId);

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var (settings, outcomes) = (batch.Settings, batch.All(StepOutcome.Continue));
        var people = (await PeopleAsync(batch, cancellationToken)).ToDictionary(p => p.ContactId);
        var going = new List<(BatchRun Run, Person Person, Mailbox To)>();
        for (var i = 0; i < batch.Runs.Count; i++)
        {
            var person = people.GetValueOrDefault(batch.Runs[i].ContactId);
            if (!EmailAddress.TryParse(person?.Email, out var to, out _, out _))
            {
                outcomes[i] = StepOutcome.Skip("skipped_no_address", "The contact has no e-mail address.");
            }
            else if (person!.UserId is null || !EmailAddress.TryParse(person.MailboxEmail ?? person.UserEmail, out _, out _, out _))
            {
                outcomes[i] = StepOutcome.Skip("skipped_no_sender", "The contact has no owner, and no user is chosen in his place.");
            }
            else
            {
                going.Add((batch.Runs[i], person, new Mailbox(to, person.Name.Length > 0 ? person.Name : null)));
            }
        }

        var refused = going.Count == 0 ? [] : await SendAsync(batch, settings, going, cancellationToken);
        for (var i = 0; i < batch.Runs.Count; i++)
        {
            if (refused.Contains((batch.Runs[i].RunId, batch.Runs[i].VisitNo)))
            {
                outcomes[i] = StepOutcome.Skip("skipped_complaint", "The contact complained about an earlier mail.");
            }
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<AssumedActivity>> AssumeAsync(
        ActionBatch batch, object settings, IReadOnlyList<StepOutcome> outcomes, AssumedBehaviour behaviour, CancellationToken cancellationToken)
    {
        var own = (Settings)settings;
        var sent = await Sql.Of($"""
            select m.contact_id, m.id, m.subject, m.user_id, m.mailbox_id from unnest({batch.RunIds}, {batch.Runs.Select(r => r.VisitNo).ToArray()}) as r (run_id, visit_no)
            join personal.mail m on m.account_id = {batch.AccountId} and m.automation_id = {batch.AutomationId} and m.step_key = {batch.StepKey} and m.run_id = r.run_id
                and m.visit_no = r.visit_no and m.state = 'queued'
            """).ListAsync<Sent>(batch.Transaction, cancellationToken);
        return
        [
            .. sent.Select(s => new AssumedActivity(new PersonalSent(s.ContactId, s.Id, s.Subject, s.UserId, s.MailboxId), batch.Now)),
            .. sent.Where(_ => behaviour.OpensAfter is not null && own.TrackOpens)
                .Select(s => new AssumedActivity(new PersonalOpened(s.ContactId, s.Id, s.Subject), batch.Now + behaviour.OpensAfter!.Value)),
        ];
    }

    public override async Task WithdrawAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken)
    {
        var only = runIds is null ? Sql.Empty : Sql.Of($"and m.run_id = any ({runIds.ToArray()})");
        var waiting = await Sql.Of($"""
            update personal.mail m set state = 'cancelled' where m.account_id = {accountId} and m.automation_id = {automationId} and m.run_id is not null and m.state = 'queued' {only}
              and not exists (select 1 from personal.recipient r where r.account_id = m.account_id and r.mail_id = m.id and (r.state = 'handoff' or r.finished_at is not null))
            returning m.id
            """).ListAsync<long>(transaction, cancellationToken);
        if (waiting.Count > 0)
        {
            await outbox.CancelSourcesAsync(transaction, accountId, SendSourceKind.Personal, waiting, cancellationToken);
            await Sql.Of($"""
                update personal.recipient set state = 'cancelled', next_at = null, reason = 'automation_stopped'
                where account_id = {accountId} and mail_id = any ({waiting.ToArray()}) and finished_at is null
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.From == PersonalSender.User && settings.User is null)
        {
            yield return ("/user", "Choose the user whose mail it is.");
        }

        if (settings.Subject.Trim().Length == 0)
        {
            yield return ("/subject", "This cannot be empty.");
        }

        if (settings.Body.Trim().Length == 0)
        {
            yield return ("/body", "This cannot be empty.");
        }

        foreach (var problem in tags.Problems(settings.Subject, Html(settings.Body), isPlain: false))
        {
            yield return (problem.Path, problem.Message);
        }
    }

    private static string Html(string text) =>
        string.Concat(WebUtility.HtmlEncode(text.ReplaceLineEndings("\n").Trim()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(p => $"<p>{p.Trim('\n').Replace("\n", "<br>", StringComparison.Ordinal)}</p>"));

    /// <returns>Runs whose contact may not be written to.</returns>
    private async Task<HashSet<(long, int)>> SendAsync(
        ActionBatch batch, Settings settings, List<(BatchRun Run, Person Person, Mailbox To)> going, CancellationToken cancellationToken)
    {
        // A repeated batch finds its mails there, and makes none again.
        var made = (await Sql.Of($"""
            insert into personal.mail (account_id, guid, contact_id, user_id, state, track_opens, track_clicks, automation_id, step_key, run_id, visit_no, created_at, updated_at)
            select {batch.AccountId}, g.guid, g.contact_id, g.user_id, 'queued', {settings.TrackOpens}, {settings.TrackClicks}, {batch.AutomationId}, {batch.StepKey}, g.run_id, g.visit_no,
                   {batch.Now}, {batch.Now}
            from unnest({going.Select(_ => MailQueue.NewGuid()).ToArray()}, {going.Select(g => g.Run.ContactId).ToArray()}, {going.Select(g => g.Person.UserId!.Value).ToArray()},
                        {going.Select(g => g.Run.RunId).ToArray()}, {going.Select(g => g.Run.VisitNo).ToArray()})
                 with ordinality as g (guid, contact_id, user_id, run_id, visit_no, no)
            order by g.no on conflict do nothing returning id, guid, run_id, visit_no
            """).ListAsync<Made>(batch.Transaction, cancellationToken)).ToDictionary(m => (m.RunId, m.VisitNo));
        var fresh = going.Where(g => made.ContainsKey((g.Run.RunId, g.Run.VisitNo))).ToList();
        var refused = await OldRefusalsAsync(batch, going, cancellationToken);
        if (fresh.Count == 0)
        {
            return refused;
        }

        var merged = await tags.MergeAsync(
            batch.Transaction, batch.AccountId, settings.Subject, Html(settings.Body), false, [.. fresh.Select(f => f.Run.ContactId).Distinct()],
            new Dictionary<string, string>(), batch.Now, cancellationToken);
        var mails = fresh.Select(f => (Made: made[(f.Run.RunId, f.Run.VisitNo)], f.Person, f.To)).Where(f => merged.ContainsKey(f.Person.ContactId)).ToList();
        var answers = await queue.AddAsync(
            batch.Transaction, batch.AccountId,
            [
                .. mails.Select(m => new ReadyToGo(
                    m.Made.Id, m.Made.Guid, m.Person.ContactId, m.To, [],
                    m.Person.MailboxId is { } box ? new FromChoice(box, m.Person.MailboxName!, m.Person.MailboxEmail!) : new FromChoice(null, m.Person.UserName ?? "", m.Person.UserEmail!),
                    merged[m.Person.ContactId], settings.TrackClicks, 0)),
            ],
            new SendSource(SendSourceKind.Personal, batch.Now, batch.AutomationId, batch.StepKey), batch.Now, cancellationToken);
        if (answers.Count > 0)
        {
            await Sql.Of($"update personal.mail set state = 'cancelled' where account_id = {batch.AccountId} and id = any ({answers.Keys.ToArray()})")
                .ExecuteAsync(batch.Transaction, cancellationToken);
            refused.UnionWith(mails.Where(m => answers.ContainsKey(m.Made.Id)).Select(m => (m.Made.RunId, m.Made.VisitNo)));
        }

        queue.Wake();
        return refused;
    }

    /// <summary>Those that an earlier try of this batch refused: they get the same answer.</summary>
    private static async Task<HashSet<(long, int)>> OldRefusalsAsync(
        ActionBatch batch, List<(BatchRun Run, Person Person, Mailbox To)> going, CancellationToken cancellationToken) => [.. (await Sql.Of($"""
        select m.id, m.guid, m.run_id, m.visit_no from unnest({going.Select(g => g.Run.RunId).ToArray()}, {going.Select(g => g.Run.VisitNo).ToArray()}) as r (run_id, visit_no)
        join personal.mail m on m.account_id = {batch.AccountId} and m.automation_id = {batch.AutomationId} and m.step_key = {batch.StepKey} and m.run_id = r.run_id
            and m.visit_no = r.visit_no and m.state = 'cancelled'
        """).ListAsync<Made>(batch.Transaction, cancellationToken)).Select(m => (m.RunId, m.VisitNo))];

    private static Task<List<Person>> PeopleAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var byOwner = batch.Settings.From == PersonalSender.Owner;
        return Sql.Of($"""
            select c.id, c.email, trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')), u.id, trim(u.first_name || ' ' || u.last_name), u.email,
                   b.id, coalesce(nullif(b.name, ''), trim(u.first_name || ' ' || u.last_name)), b.email
            from unnest({batch.ContactIds.Distinct().ToArray()}) as w (id)
            join contacts.contact c on c.account_id = {batch.AccountId} and c.id = w.id
            left join lateral (
                select u.* from accounts.app_user u
                where u.account_id = c.account_id and u.id in ({batch.Settings.User}, case when {byOwner} then c.owner_id end) and u.disabled_at is null
                order by (case when {byOwner} then u.id = c.owner_id else u.id = {batch.Settings.User} end) desc nulls last limit 1) u on true
            left join lateral (
                select b.* from personal.mailbox b where b.account_id = c.account_id and b.user_id = u.id and b.removed_at is null order by b.id limit 1) b on true
            """).ListAsync<Person>(batch.Transaction, cancellationToken);
    }
}
