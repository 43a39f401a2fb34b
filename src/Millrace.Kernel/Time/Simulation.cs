namespace Millrace.Kernel.Time;

/// <summary>
/// What only might happen. While one is under way in a flow of control, the product's clock shows its virtual time there, and nowhere else; a transaction of it
/// cannot be committed, and what a process remembers of the database beyond a transaction is not to be written (<see cref="IsUnderWay"/>).
/// </summary>
public sealed class Simulation : IDisposable
{
    private static readonly AsyncLocal<Simulation?> Ambient = new();

    private Simulation(DateTimeOffset start)
    {
        Now = start;
    }

    /// <summary>The simulation this code runs in; null: everything is real.</summary>
    public static Simulation? Current => Ambient.Value;

    /// <summary>Whether what this code does is going to be undone.</summary>
    public static bool IsUnderWay => Ambient.Value is not null;

    /// <summary>Its virtual time.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Begins one in this method and all that it calls. It ends with <see cref="Dispose"/>, or when the method is left.</summary>
    public static Simulation Begin(DateTimeOffset start) => Ambient.Value = new Simulation(start);

    public void Dispose() => Ambient.Value = null;
}
