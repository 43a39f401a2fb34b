using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Properties;

/// <summary>An account full of random automations with people inside, on a server whose only worker is this test; it dies as often as it likes.</summary>
internal sealed class RandomWorld(IdleProduct product, TestAccount account, int seed)
{
    private readonly Random _random = new(seed);
    private readonly RunEngine _engine = product.Services.GetRequiredService<RunEngine>();
    private readonly IBucketPass _reactor = (IBucketPass)product.Services.GetRequiredService(typeof(IBucketPass).Assembly.GetType("Millrace.Activities.Reactor.ActivityReactor")!);
    private readonly Publishing _publishing = product.Services.GetRequiredService<Publishing>();
    private readonly AutomationDrafts _drafts = product.Services.GetRequiredService<AutomationDrafts>();
    private readonly Dictionary<long, (RandomFlow Maker, Things Things, JsonObject Document)> _automations = [];
    private readonly Dictionary<long, List<long>> _contacts = [];
    private readonly HashSet<long> _touched = [];
    private BucketSlice[] _slices = [];

    public Scenario Scenario { get; } = new(product, account);

    public IReadOnlyCollection<long> Automations => _automations.Keys;

    public List<Outside> Happened { get; } = [];

    public Dictionary<string, int> Deaths { get; } = new(StringComparer.Ordinal);

    /// <summary>Automations whose paths alone do not tell what a contact's tags were.</summary>
    public IReadOnlySet<long> Touched => _touched;

    public Things ThingsOf(long automation) => _automations[automation].Things;

    public async Task MakeAsync(int automations, int people)
    {
        foreach (var (id, made) in await RandomAutomations.MakeAsync(product, account, _random, automations, people))
        {
            _automations[id] = (made.Maker, made.Things, made.Document);
            _contacts[id] = [.. made.People];
            await Scenario.AddAsync(id, made.People);
        }

        await LeaseAsync(careful: false);
    }

    /// <summary>People tag, publish, pause, delete and unsubscribe.</summary>
    public async Task DisturbAsync()
    {
        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
        foreach (var automation in _automations.Keys.Where(_ => _random.Next(4) == 0).ToList())
        {
            switch (_random.Next(12))
            {
                case < 5:
                    await TagAsync(automation, _contacts[automation][_random.Next(_contacts[automation].Count)], _random.Next(2), _random.Next(3) > 0);
                    break;
                case < 7:
                    await EditAsync(automation);
                    break;
                case < 9:
                    await SwitchAsync(automation, _random.Next(2) == 0);
                    break;
                case 9:
                    await UnsubscribeAsync(_contacts[automation][0]);
                    break;
                case 10:
                    // Refused where the automation is off; then nobody enters.
                    using (await account.App.PostAsync(
                        new Uri($"automations/{automation}/contacts", UriKind.Relative),
                        new StringContent($$"""{ "contact_ids": [{{_contacts[automation][0]}}] }""", System.Text.Encoding.UTF8, "application/json")))
                    {
                        _touched.Add(automation);
                    }

                    break;
                default:
                    // Something it points to is gone; nobody may stand still for it.
                    using (await account.App.DeleteAsync(new Uri($"tags/{_automations[automation].Things.Tags[0]}", UriKind.Relative)))
                    {
                        _touched.Add(automation);
                    }

                    break;
            }
        }

        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Works until there is nothing to do now, dying on the way.</summary>
    public async Task WorkAsync(bool deadly)
    {
        for (var round = 0; round < 400; round++)
        {
            if (deadly && _random.Next(3) == 0)
            {
                await DieAsync();
            }

            var done = 0;
            foreach (var part in await Task.WhenAll(_slices.Select(PassAsync)))
            {
                done += part;
            }

            if (done == 0)
            {
                return;
            }
        }

        throw new InvalidOperationException("There is always something to do: a run goes round in circles.");
    }

    /// <summary>Everything that is off goes on, and who waits for a tag gets it.</summary>
    public async Task ReleaseAsync()
    {
        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
        foreach (var automation in _automations.Keys)
        {
            await SwitchAsync(automation, on: true);
            foreach (var contact in _contacts[automation])
            {
                await TagAsync(automation, contact, 1, added: true);
            }
        }

        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    private async Task<int> PassAsync(BucketSlice slice) =>
        await _reactor.RunOnceAsync(slice, CancellationToken.None) + await _engine.RunOnceAsync(slice, CancellationToken.None);

    private async Task DieAsync()
    {
        var slice = _slices[_random.Next(_slices.Length)];
        var kind = _random.Next(3);
        Deaths[kind switch { 0 => "before commit", 1 => "anywhere", _ => "lease lost" }] = Deaths.GetValueOrDefault(kind switch { 0 => "before commit", 1 => "anywhere", _ => "lease lost" }) + 1;
        switch (kind)
        {
            case 0:
                // All done but the commit.
                await using (var work = await AccountTransaction.ForAllAccountsAsync(product.Database, CancellationToken.None))
                {
                    await slice.FenceAsync(work.Transaction, CancellationToken.None);
                    var (runs, nudges) = await RunStore.FindAsync(work.Transaction, slice, product.Now, CancellationToken.None);
                    if (runs.Count > 0)
                    {
                        await product.Services.GetRequiredService<RunBatch>().ExecuteAsync(work.Transaction, runs, nudges, 0, product.Now, CancellationToken.None);
                    }
                }

                break;
            case 1:
                using (var death = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(1, 60))))
                {
                    try
                    {
                        await (_random.Next(3) == 0 ? _reactor : _engine).RunOnceAsync(slice, death.Token);
                    }
                    catch (Exception e) when (death.IsCancellationRequested && e is OperationCanceledException or Npgsql.NpgsqlException)
                    {
                        // Dead.
                    }
                }

                break;
            default:
                var before = _slices;
                await LeaseAsync(careful: _random.Next(8) == 0);
                foreach (var zombie in before)
                {
                    await Should.ThrowAsync<FenceLostException>(() => _engine.RunOnceAsync(zombie with { Careful = false }, CancellationToken.None));
                }

                break;
        }
    }

    /// <summary>Takes all buckets over, in two halves that work at the same time.</summary>
    private async Task LeaseAsync(bool careful)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(product.Database, CancellationToken.None);
        var epochs = await Sql.Of($"with taken as (update activities.bucket_lease set epoch = epoch + 1 returning bucket, epoch) select epoch from taken order by bucket")
            .ListAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        _slices = [.. new[] { 0, 128 }.Select(from => new BucketSlice([.. Enumerable.Range(from, 128).Select(b => (short)b)], [.. epochs[from..(from + 128)]], careful))];
    }

    private async Task TagAsync(long automation, long contact, int which, bool added)
    {
        var tag = _automations[automation].Things.Tags[which];
        await using var work = await account.BeginAsync();
        var changed = added
            ? await Sql.Of($"""
                insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
                select {account.Id}, {contact}, {tag}, {product.Now}
                where exists (select 1 from contacts.contact where account_id = {account.Id} and id = {contact}) and exists (select 1 from contacts.tag where account_id = {account.Id} and id = {tag})
                on conflict do nothing
                """).ExecuteAsync(work, CancellationToken.None)
            : await Sql.Of($"delete from contacts.contact_tag where account_id = {account.Id} and contact_id = {contact} and tag_id = {tag}").ExecuteAsync(work, CancellationToken.None);
        if (changed > 0)
        {
            await product.Services.GetRequiredService<IActivityLog>().AppendAsync(
                work.Transaction, account.Id, [added ? new TagAdded(contact, tag) : (Kernel.Extensibility.IActivity)new TagRemoved(contact, tag)], CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
            Happened.Add(new Outside(product.Now, contact, tag, added));
        }
    }

    private async Task EditAsync(long automation)
    {
        var (maker, things, document) = _automations[automation];
        var edited = maker.Edited(document);
        await using var work = await account.BeginAsync();
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, automation, CancellationToken.None);
        await _drafts.SaveAsync(work.Transaction, account.Id, account.UserId, automation, row.Revision, row.Name, null, (JsonObject)edited.DeepClone(), CancellationToken.None);
        try
        {
            await _publishing.PublishAsync(work, account.Id, automation, account.UserId, CancellationToken.None);
        }
        catch (Kernel.Errors.InvalidInputException)
        {
            // A tag it names is gone, or the goal is the first step now: not to be published.
            return;
        }

        await work.CommitAsync(CancellationToken.None);
        _automations[automation] = (maker, things, edited);
    }

    private async Task SwitchAsync(long automation, bool on)
    {
        await using var work = await account.BeginAsync();
        await (on
            ? _publishing.ActivateAsync(work, account.Id, automation, account.UserId, CancellationToken.None)
            : _publishing.DeactivateAsync(work, account.Id, automation, account.UserId, CancellationToken.None));
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task UnsubscribeAsync(long contact)
    {
        await using var work = await account.BeginAsync();
        await product.Services.GetRequiredService<ISubscriptions>().UnsubscribeAsync(work.Transaction, account.Id, [contact], null, "contact", null, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }
}
