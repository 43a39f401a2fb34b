using System.Runtime.InteropServices;

namespace Millrace.Host.Commands;

/// <summary>SIGTERM and Ctrl-C for commands that work for long: they stop where they are. What serves ends by its own host.</summary>
internal sealed class StopSignal : IDisposable
{
    /// <summary>What a shell reports of a program that SIGTERM has ended.</summary>
    public const int ExitCode = 143;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public StopSignal() => _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, s => s.Dispose());
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
