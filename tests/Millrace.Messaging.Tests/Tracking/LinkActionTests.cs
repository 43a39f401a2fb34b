using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Tracking;

/// <summary>What is done with those who open a mail or follow its links: once, and never for machines that are filtered.</summary>
public sealed class LinkActionTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task A_click_adds_a_tag_once_whatever_follows_and_machines_set_nothing_off()
    {
        var account = await product.NewAccountAsync();
        await account.FilterMachinesAsync();
        var contact = await account.AddContactAsync($"act{account.Id}@track.example");
        var (vip, opened, gone) = (await TagAsync(account, "VIP"), await TagAsync(account, "Opened"), await TagAsync(account, "Gone"));
        await account.QueueAsync([contact], Mailing.Content("<a href=\"https://a.example/1\">1</a><a href=\"https://a.example/2\">2</a>"));
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        long message;
        await using (var work = await account.BeginAsync())
        {
            message = await Sql.Of($"select id from messaging.message where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
        }

        var saved = await account.PutAsync($"messages/{message}/link-actions", new
        {
            actions = new object[]
            {
                new { cause = "clicked", url = "https://a.example/2", action = "tag.add", settings = new { tag = vip } },
                new { cause = "opened", action = "tag.add", settings = new { tag = opened } },
                new { cause = "clicked", action = "tag.add", settings = new { tag = gone } },
            },
        });
        ((string?)saved["actions"]![0]!["says"])!.ShouldContain("VIP");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"delete from contacts.tag where account_id = {account.Id} and id = {gone}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await ClickAsync(account, 2, "curl/8.5");
        await account.SettledAsync();
        (await TagsAsync(account, contact)).ShouldBe("", "a machine did it");
        await ClickAsync(account, 1, Person);
        await account.SettledAsync();
        (await TagsAsync(account, contact)).ShouldBe("Opened");
        await ClickAsync(account, 2, Person);
        await account.SettledAsync();
        (await TagsAsync(account, contact)).ShouldBe("Opened VIP");

        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"delete from contacts.contact_tag where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await ClickAsync(account, 2, Person);
        await account.SettledAsync();
        (await TagsAsync(account, contact)).ShouldBe("", "once for each contact and link");
        (await account.GetAsync($"messages/{message}/link-actions"))["actions"]!.AsArray().Select(a => (int)a!["done"]!).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task What_destroys_or_does_not_exist_is_refused_with_its_place()
    {
        var account = await product.NewAccountAsync();
        var message = (long)(await account.PostAsync("messages", new { name = "m" }))["id"]!;
        foreach (var (body, path) in new (object, string)[]
        {
            (new { cause = "clicked", action = "contact.delete", settings = new { } }, "/actions/0/action"),
            (new { cause = "clicked", action = "tag.add", settings = new { tag = 999_999 } }, "/actions/0/settings/tag"),
            (new { cause = "opened", action = "tag.add", settings = new { tag = 1 }, url = "https://a.example/" }, "/actions/0/url"),
        })
        {
            using var answer = await account.App.PutAsJsonAsync($"messages/{message}/link-actions", new { actions = new[] { body } }, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"\"{path}\"");
        }
    }

    [Fact]
    public async Task What_the_database_refuses_for_one_contact_is_noted_and_holds_up_nobody()
    {
        var account = await product.NewAccountAsync();
        var contacts = new[] { await account.AddContactAsync($"bad{account.Id}@track.example"), await account.AddContactAsync($"good{account.Id}@track.example") };
        var tag = await TagAsync(account, "Seen");
        await using (var owner = new Npgsql.NpgsqlConnection(product.OwnerConnectionString))
        {
            await owner.OpenAsync(TestContext.Current.CancellationToken);
            await Sql.Of($"""
                create function public.refuse_marked() returns trigger language plpgsql as 'begin if exists (select 1 from contacts.contact c where c.account_id = new.account_id and c.id = new.contact_id and starts_with(c.email, ''bad'')) then raise exception ''no''; end if; return new; end'
                """).ExecuteAsync(owner, CancellationToken.None);
            await Sql.Of($"create trigger refuse_marked before insert on contacts.contact_tag for each row execute function public.refuse_marked()").ExecuteAsync(owner, CancellationToken.None);
        }

        await account.QueueAsync(contacts, Mailing.Content("<p>Hi</p>"));
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into messaging.link_action (account_id, message_id, cause, action, settings, created_at)
                select account_id, id, 'opened', 'tag.add', jsonb_build_object('tag', {tag}), {product.Now} from messaging.message where account_id = {account.Id}
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        foreach (var contact in new[] { "bad", "good" })
        {
            var pixel = Regex.Match(product.Mail($"{contact}{account.Id}@track.example").HtmlBody!, "https://mail.example.test(/o/[A-Za-z0-9_-]+)").Groups[1].Value;
            using var request = new HttpRequestMessage(HttpMethod.Get, pixel);
            request.Headers.UserAgent.ParseAdd(Person);
            using var opened = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        }

        await account.SettledAsync();
        await using var look = await account.BeginAsync();
        (await Sql.Of($"select contact_id from contacts.contact_tag where account_id = {account.Id}").ListAsync<long>(look, CancellationToken.None)).ShouldBe([contacts[1]]);
        (await Sql.Of($"select contact_id from messaging.link_action_done where account_id = {account.Id} and failure is not null").ListAsync<long>(look, CancellationToken.None)).ShouldBe([contacts[0]]);
    }

    [Fact]
    public async Task A_click_writes_a_note_and_mails_a_colleague_once()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync($"act{account.Id}@track.example", "Zoe");
        await account.QueueAsync([contact], Mailing.Content("<a href=\"https://a.example/1\">1</a>"));
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        long message;
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update accounts.account set sender_email = 'us@sender.example' where id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            message = await Sql.Of($"select id from messaging.message where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var saved = await account.PutAsync($"messages/{message}/link-actions", new
        {
            actions = new object[]
            {
                new { cause = "clicked", action = "note.add", settings = new { text = "%FIRSTNAME% looked" } },
                new { cause = "clicked", action = "user.notify", settings = new { user = account.UserId, subject = "%FIRSTNAME% clicked", text = "See %EMAIL%" } },
            },
        });
        saved["actions"]!.AsArray().ShouldAllBe(a => a!["says"] != null);
        await ClickAsync(account, 1, Person);
        await ClickAsync(account, 1, Person);
        await account.SettledAsync();
        (await account.DispatchedAsync()).Count.ShouldBe(2, "the mail, and one notice");

        product.Mail(account.Email).Subject.ShouldBe("Zoe clicked");
        await using (var work = await account.BeginAsync())
        {
            (await Sql.Of($"select text from contacts.note where account_id = {account.Id} and contact_id = {contact}").ListAsync<string>(work, CancellationToken.None)).ShouldBe(["Zoe looked"]);
        }
    }

    private static async Task<long> TagAsync(TestAccount account, string name) =>
        long.Parse((string)(await account.V3PostAsync("tags", new { tag = new { tag = name, tagType = "contact", description = "" } }))["tag"]!["id"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> TagsAsync(TestAccount account, long contact)
    {
        await using var work = await account.BeginAsync();
        return string.Join(' ', await Sql.Of($"""
            select t.name from contacts.contact_tag ct join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
            where ct.account_id = {account.Id} and ct.contact_id = {contact} order by t.name
            """).ListAsync<string>(work, CancellationToken.None));
    }

    private async Task ClickAsync(TestAccount account, int no, string agent)
    {
        var html = product.Mail($"act{account.Id}@track.example").HtmlBody!;
        using var request = new HttpRequestMessage(HttpMethod.Get, Regex.Matches(html, "https://mail.example.test(/c/[A-Za-z0-9_-]+)")[no - 1].Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        // More than two seconds apart, or three links would be a machine's.
        await product.AdvanceAsync(TimeSpan.FromSeconds(5));
    }
}
