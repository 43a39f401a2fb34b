using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Mail.Mime;
using Millrace.Messaging.Tests.Personal;
using Millrace.Messaging.Tests.Sending;
using Millrace.Messaging.Tests.Transactional;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Messaging.Tests.Inbound;

/// <summary>Whoever is deleted is forgotten everywhere.</summary>
public sealed partial class InboundTests
{
    private const string Everything = """
        <p>Hi %FIRSTNAME% %LASTNAME%</p><a href="https://shop.example/%EMAIL%">look</a> <a href="%FORWARD2FRIEND%">tell</a> <a href="%UNSUBSCRIBELINK%">stop</a>
        """;

    /// <summary>Columns in which a person may stand after the erasure, each with its reason; docs/privacy.md says the same.</summary>
    private static readonly Dictionary<string, string> Stays = new(StringComparer.Ordinal)
    {
        ["messaging.suppression.address"] = "whoever objected gets nothing more, even when the address is imported again",
        ["messaging.stream_suppression.address"] = "the same for a stream of transactional mails",
        ["messaging.mail_request.key"] = "what programs call their requests; gone after a day",
        ["messaging.mail_request.answer"] = "answers to programs that ask again; gone after a day",
    };

    /// <summary>
    /// Walks every column of every table, so a new table that keeps a person fails here without anybody having thought of it. What it finds before the erasure shows that
    /// it can find.
    /// </summary>
    [Fact]
    public async Task Of_a_deleted_contact_nothing_stands_in_any_column_of_any_table()
    {
        var desk = await Desk.OpenAsync(product);
        var account = desk.Account;
        var mark = $"zq{Guid.CreateVersion7():N}zq";
        var person = new Marked(mark, $"{mark}@there.example", $"{mark}+r-550-5.1.1@there.example", "+49155" + Random.Shared.NextInt64(10_000_000, 99_999_999).ToString(CultureInfo.InvariantCulture));
        var contacts = new[] { await PersonAsync(account, person, person.Address), await PersonAsync(account, person, person.Refused) };
        var friend = await account.AddContactAsync("friend@elsewhere.example");
        var html = await LiveAsync(desk, person, contacts, friend);

        var before = await FindAsync(account, person);
        before.Count.ShouldBeGreaterThan(45, string.Join('\n', before));
        var sends = await account.AskAsync<long>(Sql.Of($"select count(*) from messaging.send where account_id = {account.Id}"));
        foreach (var contact in contacts)
        {
            using var deleted = await account.App.DeleteAsync(new Uri($"contacts/{contact}", UriKind.Relative), Token);
            ((int)deleted.StatusCode).ShouldBe(204);
        }

        await ErasedAsync(account, contacts, rounds: 1);
        await LateAsync(account, person, html);
        await account.ExecuteAsync(Sql.Of($"update integrations.webhook_delivery set state = 'failed', next_at = null where account_id = {account.Id}"));
        await product.AdvanceAsync(TimeSpan.FromMinutes(61));
        await ErasedAsync(account, contacts, rounds: null);

        var left = await FindAsync(account, person);
        left.Where(column => !Stays.ContainsKey(column)).ShouldBeEmpty();
        left.ShouldContain("messaging.suppression.address", "what stays is what works");
        (await account.AskAsync<long>(Sql.Of($"select count(*) from messaging.send where account_id = {account.Id}"))).ShouldBe(sends, "sends stay, for the counts");

        // Whoever left and comes back by an import still gets nothing.
        var again = await account.AddContactAsync(person.Refused);
        (await account.QueueAsync([again], runId: 9)).ShouldBe(["bounced"]);
    }

    [Fact]
    public async Task A_mail_that_waits_does_not_go_to_a_deleted_contact_and_somebody_new_with_the_address_is_somebody_else()
    {
        var desk = await Desk.OpenAsync(product);
        var account = desk.Account;
        const string address = "waits@there.example";
        var contact = await account.AddContactAsync(address);
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();
        await account.ExecuteAsync(Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({account.Id}, 'test', {product.Now})"));
        (await desk.PostAsync("email", new { From = "shop@sender.example", To = $"{address}, other@there.example", Subject = "Order", TextBody = "Thanks" })).Status.ShouldBe(200);
        await account.QueueAsync([contact], runId: 2);

        using (await account.App.DeleteAsync(new Uri($"contacts/{contact}", UriKind.Relative), Token))
        {
            await ErasedAsync(account, [contact], rounds: 1);
        }

        await account.ExecuteAsync(Sql.Of($"delete from messaging.pause where account_id = {account.Id}"));
        await product.AdvanceAsync(TimeSpan.FromMinutes(10));
        var again = await account.AddContactAsync(address, "New");
        (await account.QueueAsync([again], runId: 3)).ShouldBe([null]);
        (await desk.PostAsync("email", new { From = "shop@sender.example", To = address, Subject = "Second", TextBody = "Thanks" })).Status.ShouldBe(200);
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromHours(1));
        await ErasedAsync(account, [contact], rounds: null);

        (await account.DispatchedAsync()).Select(s => (s.ContactId == again, s.State, s.SentTo)).Order().ShouldBe([
            (false, "sent", null), (false, "sent", "other@there.example"), (false, "sent", address), (false, "suppressed", null), (false, "suppressed", null), (true, "sent", address)]);
        product.Sink.Messages.Count(m => m.To.Contains(address)).ShouldBe(3);
        (await desk.GetAsync("messages/outbound?recipient=" + address)).Body["TotalCount"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Many_are_erased_at_once()
    {
        var account = await product.NewAccountAsync();
        await account.ExecuteAsync(Sql.Of($"""
            insert into contacts.erasure (account_id, contact_id, address, deleted_at, due_at)
            select {account.Id}, 1000000 + n, 'm' || n || '@many.example', {product.Now}, {product.Now} from generate_series(1, 1000) n
            """));
        await Product.EventuallyAsync(
            async () => await account.AskAsync<long>(Sql.Of($"select count(*) from contacts.erasure where account_id = {account.Id} and rounds = 1")) == 1_000, "all are erased", 60);
        await account.ExecuteAsync(Sql.Of($"delete from contacts.erasure where account_id = {account.Id}"));
    }

    private static async Task<long> PersonAsync(TestAccount account, Marked person, string address)
    {
        var made = await account.V3PostAsync("contacts", new { contact = new { email = address, firstName = "Before", lastName = person.Mark, phone = person.Phone } });
        var contact = long.Parse(made["contact"]!["id"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        await account.V3PutAsync($"contacts/{contact}", new { contact = new { firstName = person.Mark } });
        await account.V3PutAsync($"contacts/{contact}", new { contact = new { lastName = person.Mark + "-Son" } });
        await account.V3PostAsync("notes", new { note = new { note = $"Called {person.Mark}", relid = contact, reltype = "Subscriber" } });
        return contact;
    }

    /// <summary>All that can happen to somebody.</summary>
    /// <returns>HTML of the mail that the first of them got, for what comes later.</returns>
    private async Task<string> LiveAsync(Desk desk, Marked person, long[] contacts, long friend)
    {
        var account = desk.Account;
        var list = await ListAsync(account, contacts[0]);
        await account.V3PostAsync("contactLists", new { contactList = new { list, contact = contacts[1], status = 1 } });

        // A mail: opened, clicked, forwarded, answered, come back, complained of, left; another refused at once.
        await account.QueueAsync(contacts, Mailing.Content(Everything) with { ReplyTo = "desk@shop.example", TrackReplies = true });
        var sends = await account.DispatchedAsync();
        var mail = product.Mail(person.Address);
        var html = mail.HtmlBody!;
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        await HitAsync(html, "o");
        await HitAsync(html, "c");
        var send = sends.Single(s => s.SentTo == person.Address);
        await ForwardAsync(html, person.Mark, $"{person.Mark}-friend@there.example");
        await product.ReceiveAsync(product.AddressFor(account, send.Id, reply: true), $"From: {person.Mark} <{person.Address}>\nSubject: Re {person.Mark}\n\nI am {person.Mark}\n", person.Address);
        await product.ReceiveAsync(product.AddressFor(account, send.Id), InboundMails.Dsn("4.2.2", $"452 4.2.2 <{person.Address}> is full", recipient: person.Address));
        await product.ReceiveAsync((await account.GetAsync("inbound-setup"))["feedback_addresses"]![0]!.GetValue<string>(), $"From: {person.Address}\nSubject: hello {person.Mark}\n\nlost\n", person.Address);
        await account.WorkedOnAsync(3);
        await account.QueueAsync([friend], Mailing.Content(Everything), runId: 5);
        await account.DispatchedAsync();
        await ForwardAsync(product.Mail("friend@elsewhere.example").HtmlBody!, "A friend", person.Address);

        await TransactAsync(desk, person);
        await WriteToAsync(account, person, contacts, friend);
        await AutomateAsync(account, person, contacts);
        await account.ExecuteAsync(Sql.Of($"""
            insert into messaging.caught_mail (account_id, send_id, attempt, mail_from, rcpt_to, subject, raw, caught_at)
            values ({account.Id}, {send.Id}, 1, '', {person.Address}, {person.Mark}, {System.Text.Encoding.UTF8.GetBytes(person.Mark)}, {product.Now})
            """));
        await PostAsync(PathOf(html, "u"), [("reason", $"because I am {person.Mark}"), ("all", "1")]);
        await account.SettledAsync();
        return html;
    }

    private async Task TransactAsync(Desk desk, Marked person)
    {
        await desk.PostAsync("webhooks", new
        {
            Url = "https://hooks.shop.example/",
            Triggers = new { Bounce = new { Enabled = true, IncludeContent = true }, Delivery = new { Enabled = true }, Open = new { Enabled = true } },
        });
        foreach (var to in new[] { person.Address, person.Refused })
        {
            (await desk.PostAsync("email", new
            {
                From = "shop@sender.example",
                To = $"{person.Mark} <{to}>",
                Subject = $"Order of {person.Mark}",
                HtmlBody = $"<p>Thanks {person.Mark} <a href=\"https://shop.example/?who={person.Mark}\">order</a></p>",
                TrackOpens = true,
                TrackLinks = "HtmlAndText",
                Metadata = new Dictionary<string, string> { ["customer"] = person.Mark },
                Attachments = new[] { new { Name = $"{person.Mark}.txt", Content = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(person.Mark)), ContentType = "text/plain" } },
            }, "key-" + to)).Status.ShouldBe(200);
        }

        await desk.Account.DispatchedAsync();
        var letter = MimeParser.Parse(product.Sink.Messages.Last(m => m.To.Contains(person.Address)).Bytes).HtmlBody!;
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        await HitAsync(letter, "c");
        (await product.ReceiveAsync($"s{desk.Id}@in.example", $"From: {person.Mark} <{person.Address}>\nSubject: Help {person.Mark}\n\nI am {person.Mark}\n", person.Address)).Accepted.ShouldBeTrue();
        await desk.ToldAsync();
    }

    private static async Task WriteToAsync(TestAccount account, Marked person, long[] contacts, long friend)
    {
        var written = await account.WriteAsync(contacts[0], Writing.Draft($"Dear {person.Mark}", $"<p>You are {person.Mark} <a href=\"https://shop.example/{person.Mark}\">x</a></p>"));
        var copied = await account.WriteAsync(friend, Writing.Draft("Hello", "<p>See</p>", cc: $"{person.Mark} <{person.Address}>"));
        await account.MailAsync(written, "sent");
        await account.MailAsync(copied, "sent");
        await account.PutAsync($"contacts/{contacts[1]}/personal-draft", Writing.Draft($"Draft for {person.Mark}"));
    }

    private async Task AutomateAsync(TestAccount account, Marked person, long[] contacts)
    {
        var made = await account.PostAsync("automations/import?activate=true", JsonNode.Parse("""
            { "name": "All", "create": true, "steps": [
              { "type": "note.add", "text": "%EMAIL% was here" },
              { "type": "webhook.post", "url": "https://hooks.shop.example/?who=%EMAIL%" },
              { "type": "wait.for", "duration": "P9D" } ] }
            """)!);
        await account.PostAsync($"automations/{made["id"]}/contacts", new { contact_ids = contacts });
        await Product.EventuallyAsync(
            async () => await account.AskAsync<long>(Sql.Of($"select count(*) from integrations.webhook_delivery where account_id = {account.Id} and contact_id is not null")) == 2, "both are called");
        var job = await account.PostAsync("contacts/bulk", new { action = "field.set", settings = new { field = -3, value = "Smith" }, contact_ids = contacts });
        await Product.EventuallyAsync(async () => (string)(await account.GetAsync($"contacts/bulk/{job["id"]}"))["state"]! == "finished", "the change is made");
        await account.ExecuteAsync(Sql.Of($"""
            with i as (insert into contacts.import (account_id, name, state, stored, created_at, finished_at) values ({account.Id}, 'people.csv', 'finished', false, {product.Now}, {product.Now}) returning id)
            insert into contacts.import_reject (account_id, import_id, line, code, message, content)
            select {account.Id}, id, 2, 'duplicate', 'Twice', {$"\"{person.Address.ToUpperInvariant()}\",{person.Mark}"} from i
            """));
        var key = await account.AskAsync<string>(Sql.Of($"select event_key from accounts.account where id = {account.Id}"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["actid"] = account.Id.ToString(CultureInfo.InvariantCulture),
            ["key"] = key,
            ["event"] = "bought",
            ["eventdata"] = $"by {person.Mark}",
            ["visit"] = new JsonObject { ["email"] = person.Address }.ToJsonString(),
        });
        using var client = new HttpClient { BaseAddress = product.Address };
        using var told = await client.PostAsync(new Uri("/event", UriKind.Relative), form, Token);
        told.EnsureSuccessStatusCode();
    }

    /// <summary>What comes when they are gone already: it is answered as ever, and leaves nothing.</summary>
    private async Task LateAsync(TestAccount account, Marked person, string html)
    {
        var send = await account.AskAsync<long>(Sql.Of($"select min(id) from messaging.send where account_id = {account.Id} and erased_at is not null"));
        var before = await account.AskAsync<long>(Sql.Of($"select count(*) from activities.activity where account_id = {account.Id}"));
        await HitAsync(html, "o");
        await HitAsync(html, "c");
        await PostAsync(PathOf(html, "u"), [("reason", $"late {person.Mark}"), ("all", "1")]);
        (await product.ReceiveAsync(product.AddressFor(account, send, reply: true), $"From: {person.Address}\nSubject: {person.Mark}\n\nlate\n", person.Address)).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync(product.AddressFor(account, send), InboundMails.Dsn("5.1.1", $"550 5.1.1 <{person.Address}> gone", recipient: person.Address))).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync(product.AddressFor(account, send), InboundMails.Arf("X-Any: thing"))).Accepted.ShouldBeTrue();
        await Product.EventuallyAsync(
            async () => await account.AskAsync<long>(Sql.Of($"select count(*) from messaging.inbound_mail where account_id = {account.Id}")) == 0, "nothing that came is kept");
        await account.SettledAsync();
        (await account.AskAsync<long>(Sql.Of($"select count(*) from activities.activity where account_id = {account.Id}"))).ShouldBe(before);
    }

    /// <param name="rounds">So often at least; null: until nobody remembers them.</param>
    private static Task ErasedAsync(TestAccount account, long[] contacts, int? rounds) => Product.EventuallyAsync(
        async () => await account.AskAsync<long>(Sql.Of($"""
            select count(*) from contacts.erasure where account_id = {account.Id} and contact_id = any ({contacts}) and rounds < {rounds ?? int.MaxValue}
            """)) == 0,
        "they are erased", 60);

    /// <summary>Every <c>schema.table.column</c> in which the person's name, address or number stands, asked of the catalogue.</summary>
    private async Task<List<string>> FindAsync(TestAccount account, Marked person)
    {
        var builder = new NpgsqlConnectionStringBuilder(product.OwnerConnectionString) { Pooling = false, Options = $"-c app.accounts={{{account.Id}}}" };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(Token);
        var columns = await Sql.Of($"""
            select format(
                'select %L where exists (select 1 from %I.%I where %s)', c.table_schema || '.' || c.table_name || '.' || c.column_name, c.table_schema, c.table_name,
                case when c.udt_name = 'bytea'
                     then format('position(convert_to(%L, ''UTF8'') in %I) > 0 or position(convert_to(%L, ''UTF8'') in %I) > 0', {person.Mark}, c.column_name, {person.Phone[1..]}, c.column_name)
                     else format('lower(%I::text) ~ %L', c.column_name, {person.Mark + "|" + person.Phone[1..]}) end)
            from information_schema.columns c
            join pg_class t on t.oid = format('%I.%I', c.table_schema, c.table_name)::regclass and t.relkind in ('r', 'p') and not t.relispartition
            where c.table_schema not in ('pg_catalog', 'information_schema')
            """).ListAsync<string>(connection, Token);
        columns.Count.ShouldBeGreaterThan(900, "the catalogue is seen");
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of the names of the catalogue, quoted by the database.
        command.CommandText = string.Join(" union all ", columns);
#pragma warning restore CA2100
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            found.Add(reader.GetString(0));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private async Task HitAsync(string html, string kind)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36");
        using var answer = await client.GetAsync(new Uri(PathOf(html, kind), UriKind.Relative), Token);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }

    private async Task PostAsync(string path, (string Name, string Value)[] form)
    {
        using var client = new HttpClient { BaseAddress = product.Address };
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        answer.EnsureSuccessStatusCode();
    }

    private Task ForwardAsync(string html, string name, string friend) => PostAsync(PathOf(html, "f"), [("form", "77"), ("name", name), ("note", $"from {name}"), ("friend", friend)]);

    private static string PathOf(string html, string kind) => Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value;

    private sealed record Marked(string Mark, string Address, string Refused, string Phone);
}
