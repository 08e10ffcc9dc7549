using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Tests.House;

public sealed class RoomsTests
{
    /// <summary>In order: a room may use only the rooms before it. The root of the assembly composes them and may use all.</summary>
    private static readonly string[] _rooms = ["Store", "Audit", "Routes", "Identity", "Access", "Proxy", "Console"];

    [Fact]
    public void A_room_uses_only_the_rooms_before_it()
    {
        var wrong =
            from file in Tree.CSharp("src/Doorward.Server")
            let room = Array.IndexOf(_rooms, Folder(file))
            where room >= 0
            from used in UsedRooms(file)
            where used > room
            select $"{file.Name} ({_rooms[room]}) uses {_rooms[used]}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_file_of_the_server_is_in_a_room_or_composes_them()
    {
        var homeless = Tree.CSharp("src/Doorward.Server").Where(file => Folder(file) is { } folder && !_rooms.Contains(folder)).Select(file => file.Name);
        Assert.Empty(homeless);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong =
            from file in Tree.CSharp("src")
            let parts = file.Name.Split('/')
            let expected = string.Join('.', parts[1].Split('.').Concat(parts[2..^1]))
            from declared in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            where declared.Name.ToString() != expected
            select $"{file.Name}: {declared.Name} instead of {expected}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_server_knows_no_kubernetes_protocol()
    {
        var offenders = Tree.CSharp("src/Doorward.Server").Where(file => file.Text.Contains("using k8s", StringComparison.Ordinal)).Select(file => file.Name);
        Assert.Empty(offenders);
    }

    private static string? Folder(SourceFile file) => file.Name.Split('/') is [_, _, var folder, _, ..] ? folder : null;

    private static IEnumerable<int> UsedRooms(SourceFile file) =>
        from node in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<QualifiedNameSyntax>()
        let name = node.ToString()
        where name.StartsWith("Doorward.Server.", StringComparison.Ordinal)
        let room = Array.IndexOf(_rooms, name.Split('.')[2])
        where room >= 0
        select room;
}
