using System.Net;
using System.Net.Http.Json;
using Millrace.Accounts.Sessions;
using Millrace.TestKit;

namespace Millrace.Accounts.Tests.Sessions;

public sealed class LoginTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var account = await product.NewAccountAsync();
        using var stranger = new HttpClient { BaseAddress = new Uri(product.Address, "/api/app/") };

        using var wrong = await stranger.PostAsJsonAsync("session", new { email = account.Email, password = "not the password" });
        using var unknown = await stranger.PostAsJsonAsync("session", new { email = "nobody@example.com", password = "not the password" });

        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Title(wrong)).ShouldBe(await Title(unknown));
    }

    [Fact]
    public void A_hash_of_the_product_takes_the_rounds_that_were_promised_and_says_so()
    {
        Passwords.Hash("correct horse battery").ShouldStartWith("220000.");
        Passwords.Verify("correct horse battery", "220000.AAAAAAAAAAAAAAAAAAAAAA.AA").ShouldBeFalse();
    }

    [Fact]
    public async Task After_five_failures_even_the_right_password_has_to_wait_and_then_works()
    {
        var account = await product.NewAccountAsync();
        using var stranger = new HttpClient { BaseAddress = new Uri(product.Address, "/api/app/") };
        for (var i = 0; i < 5; i++)
        {
            (await stranger.PostAsJsonAsync("session", new { email = account.Email, password = "not the password" })).Dispose();
        }

        using var refused = await stranger.PostAsJsonAsync("session", new { email = account.Email, password = account.Password });
        await product.AdvanceAsync(TimeSpan.FromMinutes(16));
        using var admitted = await stranger.PostAsJsonAsync("session", new { email = account.Email, password = account.Password });

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_without_the_anti_forgery_token_or_from_another_site_is_refused()
    {
        var account = await product.NewAccountAsync();
        var token = account.App.DefaultRequestHeaders.GetValues("X-CSRF-Token").Single();
        account.App.DefaultRequestHeaders.Remove("X-CSRF-Token");

        using var bare = await account.App.PostAsJsonAsync("api-keys", new { name = "Shop" });
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "api-keys") { Content = JsonContent.Create(new { name = "Shop" }) };
        foreign.Headers.Add("X-CSRF-Token", token);
        foreign.Headers.Add("Origin", "https://evil.example");
        using var other = await account.App.SendAsync(foreign);

        bare.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_is_shown_once_opens_the_api_and_is_dead_when_revoked()
    {
        var account = await product.NewAccountAsync();
        var made = await account.PostAsync("api-keys", new { name = "Shop" });
        using var client = new HttpClient { BaseAddress = new Uri(product.Address, "/api/3/") };
        client.DefaultRequestHeaders.Add("Api-Token", made["key"]!.ToString());

        using var before = await client.GetAsync(new Uri("users/me", UriKind.Relative));
        using var revoked = await account.App.DeleteAsync(new Uri($"api-keys/{made["id"]}", UriKind.Relative));
        using var after = await client.GetAsync(new Uri("users/me", UriKind.Relative));

        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        after.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await account.GetAsync("api-keys")).ToJsonString().ShouldNotContain(made["key"]!.ToString());
    }

    [Fact]
    public async Task The_last_admin_stays_admin_and_enabled()
    {
        var account = await product.NewAccountAsync();

        using var demoted = await account.App.PatchAsJsonAsync($"users/{account.UserId}", new { role = "user" });
        using var disabled = await account.App.PatchAsJsonAsync($"users/{account.UserId}", new { disabled = true });

        demoted.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        disabled.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await account.GetAsync("session"))["user"]!["role"]!.ToString().ShouldBe("admin");
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions()
    {
        var account = await product.NewAccountAsync();
        using var elsewhere = new HttpClient { BaseAddress = new Uri(product.Address, "/api/app/") };
        (await elsewhere.PostAsJsonAsync("session", new { email = account.Email, password = account.Password })).Dispose();

        using var changed = await account.App.PutAsJsonAsync("profile/password", new { current = account.Password, replacement = "another horse battery" });
        using var there = await elsewhere.GetAsync(new Uri("session", UriKind.Relative));
        using var here = await account.App.GetAsync(new Uri("session", UriKind.Relative));

        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        there.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        here.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> Title(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!["title"]!.ToString();
}
