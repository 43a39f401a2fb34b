using System.Collections.Concurrent;
using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>Runs every rule once, all on one server, in one account and on one virtual timeline.</summary>
public sealed class AllRules : Product
{
    private readonly ConcurrentDictionary<string, Exception?> _outcomes = new(StringComparer.Ordinal);

    internal static IReadOnlyList<Rule> Rules { get; } =
    [
        .. typeof(AllRules).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && typeof(RuleTable).IsAssignableFrom(t))
            .Select(t => (RuleTable)Activator.CreateInstance(t)!).SelectMany(t => t.Rules).OrderBy(r => r.Title, StringComparer.Ordinal),
    ];

    /// <summary>With the made-up thing that has contacts.</summary>
    protected override void Configure(Microsoft.Extensions.Hosting.IHostApplicationBuilder builder) => builder.AddModule<ThingModule>();

    internal Exception? OutcomeOf(string title) => _outcomes[title];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var account = await NewAccountAsync();
        // Nothing is handed over: there is nobody to take mails here.
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({account.Id}, 'by_user', {Now})").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var only = Environment.GetEnvironmentVariable("MILLRACE_RULE");
        await new Timeline(PassAsync, atOnce: 6).RunAsync([.. Rules.Select((rule, i) => (Func<Func<TimeSpan, Task>, Task>)(sleep => RunAsync(rule, i, sleep)))]);

        async Task PassAsync(TimeSpan time)
        {
            await AdvanceAsync(time);
            await account.LogInAgainAsync();
        }

        async Task RunAsync(Rule rule, int number, Func<TimeSpan, Task> sleep)
        {
            try
            {
                if (only is null || rule.Title.Contains(only, StringComparison.OrdinalIgnoreCase))
                {
                    await rule.Script(new Case(this, account, number, sleep));
                }

                _outcomes[rule.Title] = null;
            }
            catch (Exception failure)
            {
                _outcomes[rule.Title] = failure;
            }
        }
    }
}

public sealed class Automations_behave(AllRules rules) : IClassFixture<AllRules>
{
    public static TheoryData<string> Titles => [.. AllRules.Rules.Select(r => r.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void As_the_reference_says(string rule)
    {
        if (rules.OutcomeOf(rule) is { } failure)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    /// <summary><c>docs/automation-rules.md</c> lists every rule under its chapter; <c>MILLRACE_WRITE=1</c> writes it anew.</summary>
    [Fact]
    public void Every_rule_stands_in_the_list_of_rules()
    {
        var file = Path.Combine(Repository(), "docs", "automation-rules.md");
        var list = new System.Text.StringBuilder("""
            # Rules of automations

            Written by the test `Every_rule_stands_in_the_list_of_rules` (`MILLRACE_WRITE=1` renews it). Each line is a test: chapter of the domain reference, rule in words. Count them with
            `grep -c '^- ' docs/automation-rules.md`; run one with `MILLRACE_RULE='part of its words'` and `-class '*Automations_behave'`.

            """);
        foreach (var chapter in AllRules.Rules.GroupBy(r => r.Chapter, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            list.Append(CultureInfo.InvariantCulture, $"\n## {chapter.Key.TrimEnd(':')} ({chapter.Count()})\n\n");
            foreach (var rule in chapter)
            {
                list.Append(CultureInfo.InvariantCulture, $"- {rule.Name}\n");
            }
        }

        if (Environment.GetEnvironmentVariable("MILLRACE_WRITE") == "1")
        {
            File.WriteAllText(file, list.ToString());
        }

        File.ReadAllText(file).ShouldBe(list.ToString(), "MILLRACE_WRITE=1 renews the list");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Millrace.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [Fact]
    public void No_rule_is_told_twice() => AllRules.Rules.Select(r => r.Title).ShouldBeUnique();
}
