using System.Text;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Receiving;

/// <summary>
/// A receiver for tests and benchmarks that keeps what it takes and errs on request: the directives of <see cref="FaultScript"/>
/// come from the recipient's local part, the sender's, or <see cref="Directives"/>. A message is recorded before its reply.
/// </summary>
public sealed class FaultSink : ISmtpHandler, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<SinkMessage> _messages = [];
    private readonly List<(int Count, TaskCompletionSource Done)> _waiting = [];
    private readonly TimeProvider _clock;
    private readonly SmtpReceiver _receiver;
    private int _accepted;
    private int _connections;

    private FaultSink(SmtpReceiverOptions options, TimeProvider clock)
    {
        _clock = clock;
        _receiver = SmtpReceiver.Start(this, options, clock);
    }

    public int Port => _receiver.EndPoint.Port;

    /// <summary>For all connections while set; the only place for what happens before MAIL.</summary>
    public string Directives { get; set; } = "";

    /// <summary>False: only counted, for long runs.</summary>
    public bool KeepsMessages { get; set; } = true;

    /// <summary>Messages accepted.</summary>
    public int Count => Volatile.Read(ref _accepted);

    /// <summary>Connections ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A copy of what was accepted, in order.</summary>
    public IReadOnlyList<SinkMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public static FaultSink Start(SmtpReceiverOptions? options = null, TimeProvider? clock = null) =>
        new(options ?? new SmtpReceiverOptions(), clock ?? TimeProvider.System);

    /// <exception cref="TimeoutException">Fewer than <paramref name="count"/> messages came in time.</exception>
    public async Task WaitForAsync(int count, TimeSpan timeout)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            if (_accepted >= count)
            {
                return;
            }

            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, done));
        }

        await done.Task.WaitAsync(timeout);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    ValueTask<SmtpAnswer> ISmtpHandler.OnConnectAsync(SmtpSession session, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _connections);
        session.State = FaultScript.Read(Directives);
        return ValueTask.FromResult(Connection(session).At("banner", session.Banner));
    }

    ValueTask<SmtpAnswer> ISmtpHandler.OnEhloAsync(SmtpSession session, SmtpReply offer, CancellationToken cancellationToken)
    {
        var script = Connection(session);
        var lines = offer.Lines.Where((line, index) => index == 0 || !IsHidden(script, line)).ToList();
        if (script.Number("size") is { } size && !script.Has("noext"))
        {
            lines.RemoveAll(l => l.StartsWith("SIZE", StringComparison.Ordinal));
            lines.Add($"SIZE {(long)size}");
        }

        return ValueTask.FromResult(script.At("ehlo", new SmtpReply(250, string.Join('\n', lines))));
    }

    ValueTask<SmtpAnswer> ISmtpHandler.OnStartTlsAsync(SmtpSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new SmtpAnswer
        {
            Code = 220,
            Bytes = Encoding.ASCII.GetBytes("220 go ahead\r\n" + (Connection(session).Has("notls-after-starttls") ? "250 injected\r\n" : "")),
        });

    ValueTask<SmtpAnswer> ISmtpHandler.OnMailAsync(SmtpSession session, string from, CancellationToken cancellationToken) =>
        ValueTask.FromResult(At(session, "mail", from, Upcoming(session)));

    ValueTask<SmtpAnswer> ISmtpHandler.OnRcptAsync(SmtpSession session, string to, CancellationToken cancellationToken) =>
        ValueTask.FromResult(At(session, "rcpt", session.From ?? "", to));

    ValueTask<SmtpAnswer> ISmtpHandler.OnDataAsync(SmtpSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Scripts(session).Aggregate(session.GoAhead, (answer, script) => script.At("data", answer)));

    ValueTask<bool> ISmtpHandler.OnBodyAsync(SmtpSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(!Scripts(session).Any(s => s.Has("drop-body")));

    ValueTask<SmtpAnswer> ISmtpHandler.OnMessageAsync(SmtpSession session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var scripts = Scripts(session).Where(s => s != FaultScript.None).ToList();
        var answer = scripts.Aggregate<FaultScript, SmtpAnswer>(SmtpReply.Ok, (a, script) => script.At("dot", a));
        if (answer.Code == 250)
        {
            Record(session, message);
            answer = scripts.Aggregate(answer, AfterAcceptance);
        }

        return ValueTask.FromResult(answer);
    }

    private static SmtpAnswer AfterAcceptance(SmtpAnswer answer, FaultScript script)
    {
        if (script.Has("acceptdrop"))
        {
            return SmtpAnswer.Drop;
        }

        if (script.Has("accept-rst"))
        {
            return SmtpAnswer.Drop with { Then = SmtpEnding.Abort };
        }

        return script.Number("acceptlate") is { } seconds ? answer with { Delay = TimeSpan.FromSeconds(seconds) }
            : script.Has("idleclose") ? answer with { Then = SmtpEnding.Close }
            : answer;
    }

    private static SmtpAnswer At(SmtpSession session, string stage, string from, string to)
    {
        SmtpAnswer answer = SmtpReply.Ok;
        foreach (var script in (ReadOnlySpan<FaultScript>)[Connection(session), FaultScript.Read(from), FaultScript.Read(to)])
        {
            if (script.Number("421-after") <= session.Messages)
            {
                return new SmtpReply(421, "4.3.2 Enough for one connection");
            }

            if (script.Number("drop-after") <= session.Messages)
            {
                return SmtpAnswer.Drop;
            }

            answer = script.At(stage, answer);
        }

        return answer;
    }

    private static FaultScript Connection(SmtpSession session) => (FaultScript)session.State!;

    private static IEnumerable<FaultScript> Scripts(SmtpSession session) =>
        session.Recipients.Prepend(session.From ?? "").Select(FaultScript.Read).Prepend(Connection(session));

    /// <summary>With pipelining the recipient is known at MAIL already.</summary>
    private static string Upcoming(SmtpSession session)
    {
        var pending = session.Pending;
        var start = pending.IndexOf("RCPT TO:<"u8);
        var end = start < 0 ? -1 : pending[start..].IndexOf((byte)'>');
        return end < 0 ? "" : Encoding.UTF8.GetString(pending[(start + 9)..(start + end)]);
    }

    private static bool IsHidden(FaultScript script, string line) =>
        script.Has("noext") || (line is "PIPELINING" && script.Has("nopipelining")) || (line is "STARTTLS" && script.Has("nostarttls"));

    private void Record(SmtpSession session, ReadOnlyMemory<byte> message)
    {
        var kept = KeepsMessages ? new SinkMessage(session.From!, [.. session.Recipients], message.ToArray(), _clock.GetUtcNow()) : null;
        lock (_gate)
        {
            _accepted++;
            if (kept is not null)
            {
                _messages.Add(kept);
            }

            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Count <= _accepted)
                {
                    _waiting[i].Done.SetResult();
                    _waiting.RemoveAt(i);
                }
            }
        }
    }
}

/// <summary>One accepted message: its envelope and its bytes as they came, dots taken out.</summary>
public sealed record SinkMessage(string From, IReadOnlyList<string> To, ReadOnlyMemory<byte> Bytes, DateTimeOffset ReceivedAt);
