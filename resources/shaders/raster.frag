#version 330 core
// Who spiked when: each pixel takes the shade of its cell and column. Row 0 of the frame buffer is the top row of the
// picture, so that the rows read back are those of the picture.
uniform usampler2D shades; // [cell][column], indices into the palette
uniform isampler2D cellOfLine; // per row of the picture; -1 = paper
uniform sampler2D palette; // 0 = paper, transparent
uniform int columns;
uniform float ratio; // pixels of a column
out vec4 color;

void main()
{
    int cell = texelFetch(cellOfLine, ivec2(0, int(gl_FragCoord.y)), 0).r;
    int column = min(int(gl_FragCoord.x / ratio), columns - 1);
    uint shade = cell < 0 ? 0u : texelFetch(shades, ivec2(column, cell), 0).r;
    color = texelFetch(palette, ivec2(int(shade), 0), 0);
}
