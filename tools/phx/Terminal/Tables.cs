using Spectre.Console;

namespace PhoenixCore.Tools.Terminal;

/// <summary>Tables of plain text: nothing in a cell is read as markup.</summary>
internal static class Tables
{
    public static Table WithColumns(params string[] titles)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in titles) table.AddColumn(new TableColumn(new Text(title)) { NoWrap = true });
        return table;
    }

    /// <summary>Two columns, a name and what it is.</summary>
    public static Grid OfFacts() => new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();

    public static Grid Row(this Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));

    public static Table Row(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
