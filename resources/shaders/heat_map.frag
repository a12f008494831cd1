#version 330 core
// A matrix as flat cells of a five-colour ramp. Row 0 of the frame buffer is the top row of the matrix, so that the
// rows read back are those of the picture.
uniform sampler2D values; // scaled: -1 ... 1 spans the ramp, 9 = not a number
uniform ivec2 cells; // columns, rows
uniform ivec2 pixels; // width, height
uniform vec3 ramp[5];
uniform vec3 notFinite;
out vec4 color;

void main()
{
    ivec2 at = ivec2(gl_FragCoord.xy) * cells / pixels;
    float value = texelFetch(values, at, 0).r;
    if (value > 8.0) { // stands for NaN: shader compilers may assume there are none
        color = vec4(notFinite, 1.0);
        return;
    }
    float x = (clamp(value, -1.0, 1.0) + 1.0) * 2.0;
    int node = min(int(x), 3);
    color = vec4(mix(ramp[node], ramp[node + 1], x - float(node)), 1.0);
}
