using System.Net;
using System.Net.Http.Json;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Accounts.Tests.Sessions;

public sealed class LiveTests(LiveTests.Quick product) : IClassFixture<LiveTests.Quick>
{
    /// <summary>A heartbeat that a test can wait for.</summary>
    public sealed class Quick : Product
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Live:Heartbeat", "00:00:01")];
    }

    [Fact]
    public async Task A_page_hears_what_changed_in_its_own_account_only()
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        await using var page = await Page.OpenAsync(mine);
        await using var stranger = await Page.OpenAsync(other);

        await mine.PostAsync("contacts", new { email = "ann@example.com" });

        await page.UntilAsync("contacts");
        stranger.Heard.ShouldNotContain(l => l.Contains("contacts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_without_the_permission_does_not_hear_of_exports()
    {
        var admin = await product.NewAccountAsync();
        await using var page = await Page.OpenAsync(admin);
        await using var work = await admin.BeginAsync();
        await Sql.Of($"update accounts.app_user set role = 'user' where account_id = {admin.Id}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        // The role is looked at with the heartbeat.
        await page.UntilAsync(":", beats: 2);

        await using var told = await admin.BeginAsync();
        await Sql.Of($"select pg_notify('millrace_live', t) from unnest(array[{admin.Id + " exports"}, {admin.Id + " contacts"}]) t").ExecuteAsync(told, CancellationToken.None);
        await told.CommitAsync(CancellationToken.None);

        await page.UntilAsync("contacts");
        page.Heard.ShouldNotContain(l => l.Contains("exports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_closes_it()
    {
        var account = await product.NewAccountAsync();
        await using var page = await Page.OpenAsync(account);

        (await account.App.DeleteAsync(new Uri("session", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await page.UntilAsync("event: bye");
        await page.EndAsync();
    }

    [Fact]
    public async Task The_switcher_shows_only_accounts_that_the_password_opens()
    {
        var (one, two, third) = (await product.NewAccountAsync(), await product.NewAccountAsync(), await product.NewAccountAsync());
        await SameAddressAsync(one, two);
        await SameAddressAsync(one, third);
        await using (var work = await third.BeginAsync())
        {
            await Sql.Of($"update accounts.app_user set password_hash = {Passwords.Hash("another password")} where account_id = {third.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var listed = await one.PostAsync("session/accounts", new { password = one.Password });
        var wrong = await one.App.PostAsJsonAsync("session/accounts", new { password = "not the password" });
        var refused = await one.App.PostAsJsonAsync("session/switch", new { account_id = third.Id, password = one.Password });
        var switched = await one.App.PostAsJsonAsync("session/switch", new { account_id = two.Id, password = one.Password });

        listed["items"]!.AsArray().Select(a => (long)a!["id"]!).ShouldBe([one.Id, two.Id]);
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        switched.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ((long)(await one.GetAsync("session"))["account"]!["id"]!).ShouldBe(two.Id);
    }

    [Fact]
    public async Task A_saved_view_is_its_owners_and_its_name_is_his_once()
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var view = await mine.PostAsync("views", new { area = "contacts", name = "Customers", definition = new { search = new { tag = 7 } } });

        var twice = await mine.App.PostAsJsonAsync("views", new { area = "contacts", name = "customers", definition = new { } });
        var foreign = await other.App.PutAsJsonAsync($"views/{view["id"]}", new { name = "Mine", definition = new { } });
        await mine.PutAsync($"views/{view["id"]}", new { name = "Buyers", definition = new { columns = new[] { "email" } } });

        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mine.GetAsync("views?area=contacts"))["items"]!.AsArray().Select(v => (string)v!["name"]!).ShouldBe(["Buyers"]);
        (await other.GetAsync("views?area=contacts"))["items"]!.AsArray().ShouldBeEmpty();
    }

    private static async Task SameAddressAsync(TestAccount from, TestAccount to)
    {
        await using var work = await to.BeginAsync();
        await Sql.Of($"update accounts.login set email = {from.Email} where account_id = {to.Id}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>An open page, gathering what it hears.</summary>
    private sealed class Page : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly CancellationTokenSource _end = new();
        private readonly List<string> _heard = [];
        private readonly Task _reading;

        private Page(HttpResponseMessage response)
        {
            _response = response;
            _reading = ReadAsync();
        }

        public string[] Heard
        {
            get
            {
                lock (_heard)
                {
                    return [.. _heard];
                }
            }
        }

        public static async Task<Page> OpenAsync(TestAccount account)
        {
            var response = await account.App.GetAsync(new Uri("live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var page = new Page(response);
            await page.UntilAsync(": open");
            return page;
        }

        public Task UntilAsync(string text, int beats = 1) =>
            Product.EventuallyAsync(() => Task.FromResult(Heard.Count(l => l.Contains(text, StringComparison.Ordinal)) >= beats), $"the page hears {text}");

        public Task EndAsync() => _reading.WaitAsync(TimeSpan.FromSeconds(20));

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _response.Dispose();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _end.Dispose();
        }

        private async Task ReadAsync()
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                lock (_heard)
                {
                    _heard.Add(line);
                }
            }
        }
    }
}
