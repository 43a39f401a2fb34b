namespace Millrace.Kernel.Modules;

/// <summary>One slice of the HTTP surface: a class that maps its own routes. Found by the scan.</summary>
public interface IEndpoint
{
    static abstract void Map(ModuleRoutes routes);
}
